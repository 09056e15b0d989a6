using Microsoft.EntityFrameworkCore;
using PortalApp.Data;
using PortalApp.Throttle;

namespace PortalApp.Gates;

/// <summary>Deletes counts that no window reaches any more and codes that ended a day ago.</summary>
internal sealed class GateSweep(IDbContextFactory<PortalDb> databases, TimeProvider clock, ILogger<GateSweep> logger)
    : Sweep(TimeSpan.FromMinutes(10), clock, logger.SweepFailed)
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(1);

    public override async Task SweepAsync(CancellationToken cancellation)
    {
        var now = Now;
        var unreachable = now - (2 * Limits.LongestWindow);
        var ended = now - Keep;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<ThrottleCount>().Where(t => t.Window < unreachable).ExecuteDeleteAsync(cancellation);
        await db.Set<Challenge>().Where(c => c.ExpiresAt < ended).ExecuteDeleteAsync(cancellation);
    }
}
