using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Captcha;

/// <summary>Forgets used challenges once they have expired, with an hour to spare for a clock that is set back.</summary>
internal sealed class SpentChallengeSweep(IDbContextFactory<PortalDb> databases, TimeProvider clock, ILogger<SpentChallengeSweep> logger)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Spare = TimeSpan.FromHours(1);

    public async Task SweepAsync(CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - Spare;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<SpentChallenge>().Where(c => c.ExpiresAt < before).ExecuteDeleteAsync(cancellation);
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
