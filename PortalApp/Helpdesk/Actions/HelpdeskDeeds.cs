using Microsoft.EntityFrameworkCore;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;

namespace PortalApp.Helpdesk.Actions;

/// <summary>What is done at the helpdesk is done for a reason, all of it or nothing, and written down with who did it.</summary>
internal sealed class HelpdeskDeeds(IDbContextFactory<PortalDb> databases, MessageQueue messages, AuditLog audit)
{
    public const int MaxReason = 300;

    /// <param name="change">As that of <see cref="Changes.ChangeAsync"/>.</param>
    public async Task<HelpdeskOutcome> DoAsync(string reason, Func<PortalDb, Task<HelpdeskOutcome>> change, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            return new HelpdeskOutcome.Refused(HelpdeskRefusal.NoReason);
        }

        HelpdeskOutcome outcome = new HelpdeskOutcome.NothingToDo();
        await databases.ChangeAsync<HelpdeskOutcome>(
            async db =>
            {
                outcome = await change(db);
                return outcome is HelpdeskOutcome.Done
                    ? new ChangeOutcome<HelpdeskOutcome>.Done(outcome)
                    : new ChangeOutcome<HelpdeskOutcome>.NotThere();
            },
            cancellation
        );
        messages.Wake();
        return outcome;
    }

    /// <summary>Within the caller's transaction.</summary>
    /// <param name="what">Was done, by name.</param>
    /// <param name="trace">Of the story that it begins or goes on with.</param>
    /// <param name="request">That was sent for it; null for none.</param>
    public void Record(PortalDb db, SignedIn me, User whom, string what, string reason, string trace, string? request = null) =>
        audit.Add(
            db,
            new(AuditEventId.HelpdeskActed, whom.Tenant, me.Actor)
            {
                Subject = AuditSubject.User(whom.Id),
                Outcome = what,
                Trace = trace,
                Request = request,
                Detail = Cut(reason),
            }
        );

    /// <summary>As it is kept.</summary>
    public static string Cut(string reason) => reason.Trim()[..Math.Min(reason.Trim().Length, MaxReason)];
}
