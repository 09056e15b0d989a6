using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Notifications;

/// <summary>Rows of mails that ended are long empty; they are counted for a week and then deleted.</summary>
internal sealed class MailSweep(IDbContextFactory<PortalDb> databases, TimeProvider clock, ILogger<MailSweep> logger)
    : Sweep(TimeSpan.FromHours(1), clock, logger.SweepFailed)
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(7);

    public override async Task SweepAsync(CancellationToken cancellation)
    {
        var old = Now - Keep;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<OutgoingMail>().Where(m => m.EndedAt < old).ExecuteDeleteAsync(cancellation);
    }
}
