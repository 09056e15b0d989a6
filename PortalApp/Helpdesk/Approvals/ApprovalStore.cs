using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Helpdesk.Actions;
using PortalApp.Helpdesk.TemporaryPasswords;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;

namespace PortalApp.Helpdesk.Approvals;

/// <summary>What was asked and is not over.</summary>
/// <param name="Whom">The person, by name.</param>
/// <param name="Asker">By name.</param>
/// <param name="Answerer">Who approved it, by name; null while nobody has.</param>
internal sealed record OpenApproval(
    string UserId,
    string Whom,
    string AskerId,
    string Asker,
    DateTimeOffset AskedAt,
    string Reason,
    string? Answerer
);

/// <summary>
/// A second person's word before a temporary password: asked with a reason; given or refused by an administrator who is neither who asked nor
/// whom it is about; used within the hour, once, by who asked, while both still have their roles.
/// </summary>
internal sealed class ApprovalStore(
    IDbContextFactory<PortalDb> databases,
    TemporaryRights rights,
    HelpdeskDeeds deeds,
    HelpdeskNotices notices,
    TimeProvider clock
)
{
    /// <summary>From asking to using.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromHours(1);

    /// <summary>Of two who ask at once the second is told that it is asked already.</summary>
    public Task<HelpdeskOutcome> AskAsync(SignedIn me, string id, string reason, CancellationToken cancellation) =>
        deeds.DoAsync(
            reason,
            async db =>
            {
                var right = await rights.OfAsync(db, me, id, cancellation);
                if (right is TemporaryRight.Refused { Why: var why })
                {
                    return new HelpdeskOutcome.Refused(why);
                }

                if (
                    right is not TemporaryRight.May { NeedsApproval: true, Whom: var whom }
                    || await AddAsync(db, me, id, HelpdeskDeeds.Cut(reason), cancellation) is not { } trace
                )
                {
                    return new HelpdeskOutcome.NothingToDo();
                }

                deeds.Record(db, me, whom, "AskTemporaryPassword", reason, trace);
                await notices.AddAsync(db, me.Tenant, whom, "AskTemporaryPassword");
                return new HelpdeskOutcome.Done();
            },
            cancellation
        );

    /// <summary>Of two who answer at once the first has.</summary>
    public Task<HelpdeskOutcome> AnswerAsync(SignedIn me, string id, bool approves, string reason, CancellationToken cancellation) =>
        deeds.DoAsync(
            reason,
            async db =>
            {
                var (now, whom) = await HelpdeskActions.FindAsync(db, me, id, cancellation);
                if (Refuse(now, whom) is { } why)
                {
                    return new HelpdeskOutcome.Refused(why);
                }

                var asked = await Open(db, me.Tenant.Id).AsNoTracking().SingleOrDefaultAsync(a => a.UserId == id, cancellation);
                if (asked?.AskerId == me.User.Id)
                {
                    return new HelpdeskOutcome.Refused(HelpdeskRefusal.OwnQuestion);
                }

                var answered = await Open(db, me.Tenant.Id)
                    .Where(a => a.UserId == id && a.AnswererId == null && a.AskerId != me.User.Id)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(a => a.AnswererId, me.User.Id).SetProperty(a => a.IsApproved, approves),
                        cancellation
                    );
                if (answered == 0)
                {
                    return new HelpdeskOutcome.NothingToDo();
                }

                deeds.Record(db, me, whom!, approves ? "ApproveTemporaryPassword" : "RefuseTemporaryPassword", reason, asked!.Trace);
                return new HelpdeskOutcome.Done();
            },
            cancellation
        );

    /// <summary>What was approved for who asked is used up, within the caller's transaction.</summary>
    /// <returns>False where nothing is approved any more.</returns>
    public async Task<bool> UseAsync(PortalDb db, SignedIn me, string id, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return await Approved(db, me, id).ExecuteUpdateAsync(set => set.SetProperty(a => a.UsedAt, now), cancellation) == 1;
    }

    /// <summary>Of what is approved for who asked; null where nothing is.</summary>
    public Task<string?> TraceAsync(PortalDb db, SignedIn me, string id, CancellationToken cancellation) =>
        Approved(db, me, id).Select(a => a.Trace).SingleOrDefaultAsync(cancellation);

    /// <summary>Of the tenant, oldest first.</summary>
    public async Task<IReadOnlyList<OpenApproval>> ListAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var (people, open) = (db.Set<User>(), Open(db, tenant).OrderBy(a => a.AskedAt));
        return await open.Select(a => new OpenApproval(
                a.UserId,
                people.Where(u => u.Id == a.UserId).Select(u => u.DisplayName ?? u.UserPrincipalName).First(),
                a.AskerId,
                people.Where(u => u.Id == a.AskerId).Select(u => u.DisplayName ?? u.UserPrincipalName).First(),
                a.AskedAt,
                a.Reason,
                people.Where(u => u.Id == a.AnswererId).Select(u => u.DisplayName ?? u.UserPrincipalName).FirstOrDefault()
            ))
            .ToListAsync(cancellation);
    }

    /// <summary>Whoever asked may not answer; the rest of who may is told by this.</summary>
    public static HelpdeskRefusal? Refuse(SignedIn me, User? whom) =>
        whom is not { GoneAt: null } ? HelpdeskRefusal.NotThere
        : me.Role < Role.Administrator ? HelpdeskRefusal.RoleGone
        : whom.Id == me.User.Id ? HelpdeskRefusal.Oneself
        : null;

    private IQueryable<Approval> Open(PortalDb db, TenantId tenant)
    {
        var since = clock.GetUtcNow() - Holds;
        return db.Set<Approval>()
            .Where(a => a.Tenant == tenant && a.AskedAt > since && a.UsedAt == null && (a.AnswererId == null || a.IsApproved));
    }

    private IQueryable<Approval> Approved(PortalDb db, SignedIn me, string id)
    {
        var tenant = me.Tenant.Id;
        return Open(db, tenant)
            .Where(a => a.UserId == id && a.AskerId == me.User.Id && a.IsApproved)
            .Where(a =>
                db.Set<User>().Any(u => u.Tenant == tenant && u.Id == a.AnswererId && u.Role == Role.Administrator && u.GoneAt == null)
            );
    }

    /// <returns>The trace; null where it is asked already.</returns>
    private async Task<string?> AddAsync(PortalDb db, SignedIn me, string id, string reason, CancellationToken cancellation)
    {
        if (await Open(db, me.Tenant.Id).AnyAsync(a => a.UserId == id, cancellation))
        {
            return null;
        }

        await db.Set<Approval>().Where(a => a.UserId == id).ExecuteDeleteAsync(cancellation);
        var asked = new Approval
        {
            UserId = id,
            Tenant = me.Tenant.Id,
            AskerId = me.User.Id,
            AskedAt = clock.GetUtcNow(),
            Reason = reason,
            Trace = AuditTrace.New(),
        };
        db.Add(asked);
        return asked.Trace;
    }
}
