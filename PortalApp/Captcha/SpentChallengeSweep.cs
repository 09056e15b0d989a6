using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Captcha;

/// <summary>Forgets used challenges once they have expired, with an hour to spare for a clock that is set back.</summary>
internal sealed class SpentChallengeSweep(IDbContextFactory<PortalDb> databases, TimeProvider clock, ILogger<SpentChallengeSweep> logger)
    : Sweep(TimeSpan.FromMinutes(10), clock, logger.SweepFailed)
{
    private static readonly TimeSpan Spare = TimeSpan.FromHours(1);

    public override async Task SweepAsync(CancellationToken cancellation)
    {
        var before = Now - Spare;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<SpentChallenge>().Where(c => c.ExpiresAt < before).ExecuteDeleteAsync(cancellation);
    }
}
