using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Helpdesk.Actions;
using PortalApp.Notifications;
using PortalApp.SignIn.Sessions;
using PortalApp.Tenants;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.Helpdesk.TemporaryPasswords;

/// <summary>
/// What follows when an administrator's reset has ended, whether or not anybody watches: one audit event; where the password is or may be set, the
/// person is told at every address held, once (H113); and where it is, all their sessions end.
/// </summary>
internal sealed class TemporaryPasswordEnding(
    IDbContextFactory<PortalDb> databases,
    TenantStore tenants,
    HelpdeskNotices notices,
    MessageQueue messages,
    AuditLog audit
)
{
    private static readonly AuditEventId[] Ends = [AuditEventId.ResetDone, AuditEventId.ResetFailed, AuditEventId.ResetUnknown];

    public async Task EndAsync(Request request, WritebackResult result, CancellationToken cancellation)
    {
        if (request is not { Kind: RequestKind.AdministratorReset, Anchor: { } id, Initiator: { } by })
        {
            return;
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        var told = await db.Set<AuditEntry>()
            .Where(a => a.Tenant == request.Tenant && a.Request == request.Id && Ends.Contains(a.Event))
            .Select(a => a.Event)
            .ToListAsync(cancellation);
        if (told is not [] && (told is not [AuditEventId.ResetUnknown] || result is WritebackResult.Unknown))
        {
            return;
        }

        audit.Add(
            db,
            new(EventOf(result), request.Tenant, Actor.User(by))
            {
                Subject = AuditSubject.User(id),
                Request = request.Id,
                Trace = request.Trace,
                Outcome = result.GetType().Name,
                Reason = result.Why.ToString(),
            }
        );
        if (result is WritebackResult.Applied)
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
            await notices.AddAsync(db, tenant, whom, "SetTemporaryPassword");
        }
    }

    private static AuditEventId EventOf(WritebackResult result) =>
        result switch
        {
            WritebackResult.Applied => AuditEventId.ResetDone,
            WritebackResult.Unknown => AuditEventId.ResetUnknown,
            _ => AuditEventId.ResetFailed,
        };
}
