using Microsoft.EntityFrameworkCore;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Secrets;

/// <summary>
/// Puts another master key in the place of the one that is there, while portals run. Its file says that a rotation is under way: whoever is
/// killed over it, the next command or a portal goes on. The old key's file stays until nothing has been wrapped by it for an hour, which is longer
/// than anything that was wrapped needs to be written down.
/// </summary>
internal sealed class MasterKeyRotation(
    MasterKey master,
    IEnumerable<WrappedRows> wrapped,
    IDbContextFactory<PortalDb> databases,
    AuditLog audit,
    TimeProvider clock,
    ILogger<MasterKeyRotation> logger
) : Sweep(TimeSpan.FromMinutes(1), clock, logger.NotRewrapped)
{
    public static readonly TimeSpan OldIsKept = TimeSpan.FromHours(1);

    /// <summary>The number of the key that wraps now. One that was begun is brought to its end first.</summary>
    public async Task<int> RotateAsync(Actor by, CancellationToken cancellation)
    {
        if (master.Numbers.Count == 1)
        {
            var number = master.AddNext();
            await audit.WriteAsync(new(AuditEventId.KeyRotated, null, by) { Detail = $"master key {number} made by {by}" }, cancellation);
        }

        await RewrapAsync(cancellation);
        return master.Number;
    }

    public override async Task SweepAsync(CancellationToken cancellation)
    {
        if (master.Numbers.Count > 1 && await RewrapAsync(cancellation) == 0 && Now - master.MadeAt > OldIsKept)
        {
            master.DeleteOld();
            logger.OldKeyDeleted(master.Number);
        }
    }

    /// <summary>How many rows an old key had wrapped.</summary>
    private async Task<int> RewrapAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var all = 0;
        foreach (var rows in wrapped)
        {
            while (await rows.RewrapAsync(db, master, cancellation) is > 0 and var some)
            {
                all += some;
            }
        }

        return all;
    }
}
