using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Gates;

/// <summary>Deletes counts that no window reaches any more and codes that ended a day ago.</summary>
internal sealed class GateSweep(IDbContextFactory<PortalDb> databases, TimeProvider clock, ILogger<GateSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Keep = TimeSpan.FromDays(1);

    public async Task SweepAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var unreachable = now - (2 * GateThrottle.LongestWindow);
        var ended = now - Keep;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<ThrottleCount>().Where(t => t.Window < unreachable).ExecuteDeleteAsync(cancellation);
        await db.Set<Challenge>().Where(c => c.ExpiresAt < ended).ExecuteDeleteAsync(cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                logger.SweepFailed(failure);
            }
        }
    }
}
