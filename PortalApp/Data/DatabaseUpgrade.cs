using Microsoft.EntityFrameworkCore;

namespace PortalApp.Data;

/// <summary>Brings the database to this version, before the portal listens or a command runs; one process at a time.</summary>
internal static class DatabaseUpgrade
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(PortalDb db, TimeProvider clock, CancellationToken cancellation)
    {
        await db.PrepareAsync(cancellation);
        if (!(await db.Database.GetPendingMigrationsAsync(cancellation)).Any())
        {
            return;
        }

        await using var only = await db.LockUpgradesAsync(Patience, clock, cancellation);
        await db.Database.MigrateAsync(cancellation);
    }

    public static StartupException Busy() =>
        new("Another portal has been upgrading this database for half a minute; wait for it, or stop it.");
}
