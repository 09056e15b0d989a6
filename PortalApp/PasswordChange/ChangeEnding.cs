using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Notifications.Notices;
using PortalApp.SignIn.Sessions;
using PortalApp.Tenants;
using PortalApp.Throttle.Failures;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.PasswordChange;

/// <summary>
/// What follows when a change has ended, whether or not anybody watches: one audit event; where the old password was right, what was counted is
/// forgotten; where the new one is in force, all sessions but the one that asked end; and where it is or may be, the person is told at every
/// address held, once (H113).
/// </summary>
internal sealed class ChangeEnding(
    IDbContextFactory<PortalDb> databases,
    TenantStore tenants,
    UserStore users,
    FailureStore failures,
    NoticeSender notices,
    IStringLocalizer<ChangeTexts> texts,
    AuditLog audit,
    TimeProvider clock,
    ILogger<ChangeEnding> logger
)
{
    private static readonly AuditEventId[] Ends = [AuditEventId.ChangeDone, AuditEventId.ChangeFailed, AuditEventId.ChangeUnknown];

    public async Task EndAsync(Request request, WritebackResult result, CancellationToken cancellation)
    {
        if (request is not { Kind: RequestKind.Change })
        {
            return;
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await ChangeOfAsync(db, request, cancellation) is not { } change)
        {
            return;
        }

        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        if (result is WritebackResult.Applied || result.Why.IsOfThePassword())
        {
            await failures.ForgetAsync(db, change.Tenant, change.Subject, cancellation);
        }

        if (result is WritebackResult.Applied)
        {
            await db.Set<Session>()
                .Where(s => s.Tenant == change.Tenant && s.UserId == change.UserId && s.Id != change.Session)
                .ExecuteDeleteAsync(cancellation);
        }

        if (result is WritebackResult.Applied or WritebackResult.Unknown && await IsFirstAsync(db, change, cancellation))
        {
            await TellAsync(db, change, result is WritebackResult.Applied, cancellation);
        }

        // Once for each end, however often it is told; and once more where evidence has resolved an Unknown, which was told as such.
        var told = await ToldAsync(db, request, cancellation);
        if (told is [] || (told is [AuditEventId.ChangeUnknown] && result is not WritebackResult.Unknown))
        {
            Record(db, change, request, result);
        }

        await db.SaveChangesAsync(cancellation);
        await all.CommitAsync(cancellation);
        notices.Wake();
    }

    private static Task<Change?> ChangeOfAsync(PortalDb db, Request request, CancellationToken cancellation) =>
        db.Set<Change>().AsNoTracking().SingleOrDefaultAsync(c => c.Request == request.Id && c.Tenant == request.Tenant, cancellation);

    private async Task<bool> IsFirstAsync(PortalDb db, Change change, CancellationToken cancellation)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        return await db.Set<Change>()
                .Where(c => c.Request == change.Request && c.ToldAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.ToldAt, now), cancellation) == 1;
    }

    private static Task<List<AuditEventId>> ToldAsync(PortalDb db, Request request, CancellationToken cancellation) =>
        db.Set<AuditEntry>()
            .Where(a => a.Tenant == request.Tenant && a.Request == request.Id && Ends.Contains(a.Event))
            .Select(a => a.Event)
            .ToListAsync(cancellation);

    private void Record(PortalDb db, Change change, Request request, WritebackResult result)
    {
        logger.Ended(request.Id, result.GetType().Name, result.Why);
        audit.Add(
            db,
            new(EventOf(result), change.Tenant, Actor.User(change.UserId))
            {
                Subject = AuditSubject.User(change.UserId),
                Request = request.Id,
                Outcome = result.GetType().Name,
                Reason = result.Why.ToString(),
                Network = change.Network,
            }
        );
    }

    private static AuditEventId EventOf(WritebackResult result) =>
        result switch
        {
            WritebackResult.Applied => AuditEventId.ChangeDone,
            WritebackResult.Unknown => AuditEventId.ChangeUnknown,
            _ => AuditEventId.ChangeFailed,
        };

    private async Task TellAsync(PortalDb db, Change change, bool isSure, CancellationToken cancellation)
    {
        var tenant = await tenants.FindAsync(change.Tenant, cancellation);
        var user = await users.FindAsync(change.Tenant, change.UserId, cancellation);
        if (tenant is null || user is null)
        {
            return;
        }

        var kind = isSure ? "NoticeDone" : "NoticeUnknown";
        await notices.AddAsync(db, new(NoticeKind.Change, tenant, user, () => Say(kind, tenant, user)) { PageLanguage = change.Language });
    }

    private (string, string) Say(string kind, Tenant tenant, User user) =>
        (texts[$"{kind}Subject", tenant.Name], texts[$"{kind}Text", tenant.Name, user.UserPrincipalName, tenant.HelpdeskPhone]);
}
