using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Disputes;
using PortalApp.Gates.Codes;
using PortalApp.Helpdesk.Callers;
using PortalApp.Helpdesk.ResetLinks;
using PortalApp.Policy;
using PortalApp.SignIn.Attempts;
using PortalApp.SignIn.Sessions;
using PortalApp.Throttle.Failures;
using PortalApp.Users;

namespace PortalApp.Helpdesk.Actions;

/// <summary>
/// What the helpdesk does for a person: each with a reason, audited, told to the person, and one write however often and by however many it is
/// pressed. Never for oneself, and never for anybody with a role.
/// </summary>
internal sealed class HelpdeskActions(
    HelpdeskDeeds deeds,
    FailureStore failures,
    CodeLimits codes,
    CallerChecks callers,
    ResetLinkStore links,
    DisputeStore disputes,
    UserStore users,
    HelpTerms terms,
    PersonReach reach,
    HelpdeskNotices notices
)
{
    /// <summary>Looks only; what is pressed is looked at once more.</summary>
    public static HelpdeskRefusal? Refuse(SignedIn me, User? whom) =>
        whom is not { GoneAt: null } ? HelpdeskRefusal.NotThere
        : me.Role < Role.Helpdesk ? HelpdeskRefusal.RoleGone
        : whom.Id == me.User.Id ? HelpdeskRefusal.Oneself
        : whom.Role > Role.User ? HelpdeskRefusal.HasRole
        : null;

    /// <summary>Who asks, with the role of this moment, and whom it is about; within the caller's transaction.</summary>
    public static async Task<(SignedIn Me, User? Whom)> FindAsync(PortalDb db, SignedIn me, string id, CancellationToken cancellation)
    {
        var tenant = me.Tenant.Id;
        var role = await db.Set<User>()
            .Where(u => u.Tenant == tenant && u.Id == me.User.Id && u.GoneAt == null)
            .Select(u => u.Role)
            .SingleOrDefaultAsync(cancellation);
        var whom = await db.Set<User>()
            .Include(u => u.Contacts)
            .SingleOrDefaultAsync(u => u.Tenant == tenant && u.Id == id && u.GoneAt == null, cancellation);
        return (me with { Role = role }, whom);
    }

    /// <summary>What a caller could ask for in somebody else's name, to their harm.</summary>
    public static bool NeedsCaller(HelpdeskAction action) =>
        action is HelpdeskAction.StartReset or HelpdeskAction.Unlock or HelpdeskAction.RequireRegistration or HelpdeskAction.LiftDispute;

    /// <param name="id">Of the user.</param>
    /// <param name="reason">As it is written down.</param>
    public Task<HelpdeskOutcome> ActAsync(SignedIn me, string id, HelpdeskAction action, string reason, CancellationToken cancellation) =>
        deeds.DoAsync(reason, db => ActAsync(db, me, id, action, reason, cancellation), cancellation);

    private async Task<HelpdeskOutcome> ActAsync(
        PortalDb db,
        SignedIn me,
        string id,
        HelpdeskAction action,
        string reason,
        CancellationToken cancellation
    )
    {
        var (now, whom) = await FindAsync(db, me, id, cancellation);
        if (Refuse(now, whom) is { } why)
        {
            return new HelpdeskOutcome.Refused(why);
        }

        var tenant = me.Tenant.Id;
        var linkTo = action == HelpdeskAction.StartReset ? await reach.OfAsync(whom!, cancellation) : null;
        if (action == HelpdeskAction.StartReset && linkTo is null)
        {
            return new HelpdeskOutcome.Refused(HelpdeskRefusal.NothingHeld);
        }

        if (await MustProveAsync(whom!, action, cancellation) && await callers.ProvedAsync(db, me, id, cancellation) is null)
        {
            return new HelpdeskOutcome.Refused(HelpdeskRefusal.NotVerified);
        }

        var trace = AuditTrace.New();
        var isWritten = action switch
        {
            HelpdeskAction.StartReset => await links.SendAsync(db, me, whom!, linkTo!, trace, cancellation),
            HelpdeskAction.LiftLimit => await LiftAsync(db, whom!, cancellation),
            HelpdeskAction.LiftDispute => await disputes.LiftAsync(db, whom!, me.Actor, cancellation),
            HelpdeskAction.EndSessions => await SessionStore.EndAllAsync(db, tenant, id, cancellation) > 0,
            HelpdeskAction.RequireRegistration => users.RequireRegistration(whom!, me.Actor),
            _ => throw new UnreachableException(),
        };
        if (!isWritten)
        {
            return new HelpdeskOutcome.NothingToDo();
        }

        deeds.Record(db, me, whom!, $"{action}", reason, trace);
        await notices.AddAsync(db, me.Tenant, whom!, $"{action}", but: linkTo?.Address.Value);
        return new HelpdeskOutcome.Done();
    }

    /// <summary>Where the policy asks for it always, also where nothing is held by which the caller could be verified.</summary>
    public async Task<bool> MustProveAsync(User whom, HelpdeskAction action, CancellationToken cancellation) =>
        (NeedsCaller(action) && await callers.CanProveAsync(whom, cancellation))
        || (await terms.OfAsync(whom, cancellation)).Help.Contains(HelpRule.CallerFirst);

    private async Task<bool> LiftAsync(PortalDb db, User whom, CancellationToken cancellation)
    {
        var isWritten = false;
        foreach (var counted in new[] { whom.Id, AttemptStore.SubjectOf(whom) })
        {
            isWritten |= await failures.LiftAsync(db, whom.Tenant, counted, cancellation);
            isWritten |= await codes.LiftAsync(db, whom.Tenant, counted, cancellation);
        }

        return isWritten;
    }
}
