using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.PasswordReset.Flows;

/// <summary>Forgets flows, with the names and networks of strangers in them, once no evidence can change what came of them any more.</summary>
internal sealed class FlowSweep(IDbContextFactory<PortalDb> databases, TimeProvider clock, ILogger<FlowSweep> logger)
    : Sweep(TimeSpan.FromHours(1), clock, logger.SweepFailed)
{
    /// <summary>An agent is asked for the evidence of a request for seven days.</summary>
    private static readonly TimeSpan Keep = TimeSpan.FromDays(8);

    public override async Task SweepAsync(CancellationToken cancellation)
    {
        var old = Now - Keep;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<Flow>().Where(f => f.ExpiresAt < old).ExecuteDeleteAsync(cancellation);
    }
}
