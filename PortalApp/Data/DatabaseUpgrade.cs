using Microsoft.EntityFrameworkCore;

namespace PortalApp.Data;

/// <summary>Brings the database to this version, before the portal listens or a command runs.</summary>
internal static class DatabaseUpgrade
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// One process at a time, by a lock that the operating system takes back from the dead. The framework's own lock is a row, which a killed
    /// start would leave behind for ever; under ours such a row is nobody's.
    /// </summary>
    public static async Task RunAsync(PortalDb db, string folder, TimeProvider clock, CancellationToken cancellation)
    {
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellation);
        if (!(await db.Database.GetPendingMigrationsAsync(cancellation)).Any())
        {
            return;
        }

        await using var only = await LockAsync(Path.Combine(folder, "upgrade.lock"), clock, cancellation);
        await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellation);
        await db.Database.MigrateAsync(cancellation);
    }

    private static async Task<FileStream> LockAsync(string file, TimeProvider clock, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (clock.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), clock, cancellation);
            }
            catch (IOException)
            {
                throw new StartupException("Another portal has been upgrading this database for half a minute; wait for it, or stop it.");
            }
        }
    }
}
