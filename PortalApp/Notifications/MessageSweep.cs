using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Notifications;

/// <summary>Rows of messages that ended are long empty; they are counted for a week and then deleted.</summary>
internal sealed class MessageSweep(IDbContextFactory<PortalDb> databases, TimeProvider clock, ILogger<MessageSweep> logger)
    : Sweep(TimeSpan.FromHours(1), clock, logger.SweepFailed)
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(7);

    public override async Task SweepAsync(CancellationToken cancellation)
    {
        var old = Now - Keep;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<OutgoingMessage>().Where(m => m.EndedAt < old).ExecuteDeleteAsync(cancellation);
    }
}
