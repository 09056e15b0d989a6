using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Notifications.Notices;
using PortalApp.PasswordReset.Flows;
using PortalApp.Policy;
using PortalApp.SignIn.Sessions;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Throttle.Familiar;
using PortalApp.Users;
using PortalApp.Users.Groups;
using PortalApp.Writeback.Requests;

namespace PortalApp.PasswordReset;

/// <summary>
/// What follows when a reset has ended, whether or not anybody watches: one audit event; and where the password was or may have been set, the
/// gates are spent (I7) and the person is told at every address held (H113), once; with a password that is set, all else that was begun for the
/// person ends, sessions too; with a password that is set or an account that is unlocked, the network has its place back (a Monday's office must get through), and browser and network are familiar from then on. A check that found that nothing can be set is audited with
/// the code that the person reads to the helpdesk.
/// </summary>
internal sealed class ResetEnding(
    IDbContextFactory<PortalDb> databases,
    TenantStore tenants,
    UserStore users,
    NoticeSender notices,
    AdministratorNotices administrators,
    PolicyStore policies,
    Memberships memberships,
    ResetSentences sentences,
    OtherFlows others,
    ThrottleStore throttle,
    FamiliarPlaces familiar,
    LargeNetworks large,
    Limits limits,
    AuditLog audit,
    TimeProvider clock,
    ILogger<ResetEnding> logger
)
{
    private static readonly AuditEventId[] Ends =
    [
        AuditEventId.ResetDone,
        AuditEventId.ResetFailed,
        AuditEventId.ResetUnknown,
        AuditEventId.ResetRefused,
        AuditEventId.UnlockDone,
        AuditEventId.UnlockFailed,
        AuditEventId.UnlockUnknown,
    ];

    public async Task EndAsync(Request request, WritebackResult result, CancellationToken cancellation)
    {
        if (
            request is { Kind: RequestKind.Change or RequestKind.AdministratorReset, Anchor: { } changed }
            && result is WritebackResult.Applied
        )
        {
            await using var own = await databases.CreateDbContextAsync(cancellation);
            await others.EndAsync(own, request.Tenant, changed, but: null, cancellation);
        }

        // What an administrator asks about an account refuses nobody a reset.
        var isAsked = request is { Kind: RequestKind.Check, Flow: null, Initiator: not null };
        var isOfFlow = request is { Kind: RequestKind.Reset or RequestKind.Check } or { Kind: RequestKind.Unlock, Flow: not null };
        if (!isOfFlow || result is WritebackResult.Settable || isAsked)
        {
            return;
        }

        // A power cut that takes this back leaves the request untold, and it is called again.
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.RelaxAsync(cancellation);
        var flow = request.Flow is { } id
            ? await db.Set<Flow>().AsNoTracking().SingleOrDefaultAsync(f => f.Id == id && f.Tenant == request.Tenant, cancellation)
            : null;
        await EndAsync(db, flow, request, result, cancellation);
    }

    private async Task EndAsync(PortalDb db, Flow? flow, Request request, WritebackResult result, CancellationToken cancellation)
    {
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        var tells = flow is not null && result is (WritebackResult.Applied or WritebackResult.Unknown);
        if (tells && await SpendAsync(db, flow!, cancellation))
        {
            if (result is WritebackResult.Applied)
            {
                if (request.Kind != RequestKind.Unlock)
                {
                    await others.EndAsync(db, flow!.Tenant, flow.Subject, flow.Id, cancellation);
                    await SessionStore.EndAllAsync(db, flow.Tenant, flow.Subject, cancellation);
                }

                var flows = await large.OfAsync(limits.FlowsOfNetwork, new(flow!.Network), flow.Tenant, cancellation);
                await throttle.GiveBackAsync(db, flows, new(flow.Network), flow.CreatedAt, cancellation);
                await familiar.RememberAsync(db, flow.Tenant, flow.Subject, flow.Browser, new(flow.Network), cancellation);
            }

            await TellAsync(db, flow!, result, cancellation);
        }

        // Once for each end, however often it is told; and once more where evidence has resolved an Unknown, which was told as such.
        var told = await ToldAsync(db, request, cancellation);
        if (told is [] || (told is [AuditEventId.ResetUnknown or AuditEventId.UnlockUnknown] && result is not WritebackResult.Unknown))
        {
            Record(db, flow, request, result);
        }

        await db.SaveChangesAsync(cancellation);
        await all.CommitAsync(cancellation);
        notices.Wake();
    }

    /// <summary>Of any number of callers, and over a restart, one gets true.</summary>
    private async Task<bool> SpendAsync(PortalDb db, Flow flow, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var first = await db.Set<Flow>()
            .Where(f => f.Id == flow.Id && f.Tenant == flow.Tenant && f.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.EndedAt, now), cancellation);
        await db.Set<PassedGate>()
            .Where(g => g.FlowId == flow.Id && g.Tenant == flow.Tenant && g.SpentAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.SpentAt, now), cancellation);
        return first == 1;
    }

    private static Task<List<AuditEventId>> ToldAsync(PortalDb db, Request request, CancellationToken cancellation) =>
        db.Set<AuditEntry>()
            .Where(a => a.Tenant == request.Tenant && a.Request == request.Id && Ends.Contains(a.Event))
            .Select(a => a.Event)
            .ToListAsync(cancellation);

    private void Record(PortalDb db, Flow? flow, Request request, WritebackResult result)
    {
        var (outcome, reason) = (result.GetType().Name, result.Why);
        logger.Ended(request.Id, flow?.Trace, outcome, reason);
        audit.Add(
            db,
            new(EventOf(request, result), request.Tenant, ActorOf(request))
            {
                Subject = request.Anchor is { } anchor ? AuditSubject.User(anchor) : null,
                Request = request.Id,
                Trace = request.Trace,
                Outcome = outcome,
                Reason = reason.ToString(),
                Network = flow?.Network,
                Detail =
                    request.Kind == RequestKind.Check ? Refusal.Text(ResetSentences.CodeOf(reason))
                    : result is WritebackResult.Applied { StaysLocked: true } ? "The account stays locked."
                    : null,
            }
        );
    }

    private static Actor ActorOf(Request request) => (request.Initiator ?? request.Anchor) is { } user ? Actor.User(user) : Actor.Portal;

    private async Task TellAsync(PortalDb db, Flow flow, WritebackResult result, CancellationToken cancellation)
    {
        var tenant = await tenants.FindAsync(flow.Tenant, cancellation);
        var user = await users.FindAsync(flow.Tenant, flow.Subject, cancellation);
        if (tenant is null || user is null)
        {
            return;
        }

        var now = clock.GetUtcNow();
        await notices.AddAsync(
            db,
            new(
                flow.Purpose == FlowPurpose.Unlock ? NoticeKind.Unlock : NoticeKind.Reset,
                tenant,
                user,
                () => sentences.Notice(tenant, flow, result is WritebackResult.Applied, now)
            )
            {
                PageLanguage = flow.Language,
            }
        );
        if (user.Role == Role.Administrator && await TellsOthersAsync(user, cancellation))
        {
            await administrators.AddAsync(
                db,
                tenant,
                user,
                NoticeKind.Reset,
                () => sentences.OfAdministrator(tenant, flow, now),
                cancellation
            );
        }
    }

    private async Task<bool> TellsOthersAsync(User user, CancellationToken cancellation)
    {
        var groups = await memberships.OfAsync(user.Tenant, user.Id, cancellation);
        return (await policies.HoldingAsync(user.Tenant, cancellation)).List.For(groups).TellsAdministrators;
    }

    private static AuditEventId EventOf(Request request, WritebackResult result) =>
        (request.Kind, result) switch
        {
            (RequestKind.Check, _) => AuditEventId.ResetRefused,
            (RequestKind.Unlock, WritebackResult.Applied) => AuditEventId.UnlockDone,
            (RequestKind.Unlock, WritebackResult.Unknown) => AuditEventId.UnlockUnknown,
            (RequestKind.Unlock, _) => AuditEventId.UnlockFailed,
            (_, WritebackResult.Applied) => AuditEventId.ResetDone,
            (_, WritebackResult.Unknown) => AuditEventId.ResetUnknown,
            _ => AuditEventId.ResetFailed,
        };
}
