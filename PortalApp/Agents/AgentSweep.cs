using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Agents;

/// <summary>Forgets spent calls and enrolment codes whose time is over.</summary>
internal sealed class AgentSweep(IDbContextFactory<PortalDb> databases, TimeProvider clock, ILogger<AgentSweep> logger)
    : Sweep(TimeSpan.FromMinutes(1), clock, logger.SweepFailed)
{
    private static readonly TimeSpan KeepCodes = TimeSpan.FromDays(1);

    public override async Task SweepAsync(CancellationToken cancellation)
    {
        var (now, old) = (Now, Now - KeepCodes);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<SpentCall>().Where(s => s.ExpiresAt < now).ExecuteDeleteAsync(cancellation);
        await db.Set<EnrolmentCode>().Where(c => c.ExpiresAt < old).ExecuteDeleteAsync(cancellation);
    }
}
