using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.SignIn.Sessions;
using PortalApp.Tenants;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.Helpdesk.Actions;

/// <summary>
/// What follows when an administrator's reset, or an unlock by the helpdesk, has ended, whether or not anybody watches: one audit event; where it
/// is or may be done, the person is told at every address held, once (H113); and where the password is set, all their sessions end.
/// </summary>
internal sealed class HelpdeskRequestEnding(
    IDbContextFactory<PortalDb> databases,
    TenantStore tenants,
    HelpdeskNotices notices,
    MessageQueue messages,
    AuditLog audit
)
{
    private static readonly AuditEventId[] Ends =
    [
        AuditEventId.ResetDone,
        AuditEventId.ResetFailed,
        AuditEventId.ResetUnknown,
        AuditEventId.UnlockDone,
        AuditEventId.UnlockFailed,
        AuditEventId.UnlockUnknown,
    ];

    public async Task EndAsync(Request request, WritebackResult result, CancellationToken cancellation)
    {
        if (request is not { Kind: RequestKind.AdministratorReset or RequestKind.Unlock, Anchor: { } id, Initiator: { } by })
        {
            return;
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        var told = await db.Set<AuditEntry>()
            .Where(a => a.Tenant == request.Tenant && a.Request == request.Id && Ends.Contains(a.Event))
            .Select(a => a.Event)
            .ToListAsync(cancellation);
        if (told is not [] && (told is not [AuditEventId.ResetUnknown or AuditEventId.UnlockUnknown] || result is WritebackResult.Unknown))
        {
            return;
        }

        audit.Add(
            db,
            new(EventOf(request.Kind, result), request.Tenant, Actor.User(by))
            {
                Subject = AuditSubject.User(id),
                Request = request.Id,
                Trace = request.Trace,
                Outcome = result.GetType().Name,
                Reason = result.Why.ToString(),
            }
        );
        if (result is WritebackResult.Applied && request.Kind != RequestKind.Unlock)
        {
            await SessionStore.EndAllAsync(db, request.Tenant, id, cancellation);
        }

        if (told is [] && result is WritebackResult.Applied or WritebackResult.Unknown)
        {
            await TellAsync(db, request, id, cancellation);
        }

        await db.SaveChangesAsync(cancellation);
        await all.CommitAsync(cancellation);
        messages.Wake();
    }

    private async Task TellAsync(PortalDb db, Request request, string id, CancellationToken cancellation)
    {
        var whom = await db.Set<User>().Include(u => u.Contacts).SingleAsync(u => u.Id == id, cancellation);
        if (await tenants.FindAsync(request.Tenant, cancellation) is { } tenant)
        {
            await notices.AddAsync(db, tenant, whom, request.Kind == RequestKind.Unlock ? "Unlock" : "SetTemporaryPassword");
        }
    }

    private static AuditEventId EventOf(RequestKind kind, WritebackResult result) =>
        (kind, result) switch
        {
            (RequestKind.Unlock, WritebackResult.Applied) => AuditEventId.UnlockDone,
            (RequestKind.Unlock, WritebackResult.Unknown) => AuditEventId.UnlockUnknown,
            (RequestKind.Unlock, _) => AuditEventId.UnlockFailed,
            (_, WritebackResult.Applied) => AuditEventId.ResetDone,
            (_, WritebackResult.Unknown) => AuditEventId.ResetUnknown,
            _ => AuditEventId.ResetFailed,
        };
}
