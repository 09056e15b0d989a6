using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tenants;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.PasswordReset;

/// <summary>
/// What follows when a reset has ended, whether or not anybody watches: one audit event; and where the password was or may have been set, the
/// gates are spent (I7) and the person is told at every address held (H113), once.
/// </summary>
internal sealed class ResetEnding(
    IDbContextFactory<PortalDb> databases,
    TenantStore tenants,
    UserStore users,
    MailQueue mails,
    ResetSentences sentences,
    AuditLog audit,
    TimeProvider clock,
    ILogger<ResetEnding> logger
)
{
    private static readonly TimeSpan NoticeLifetime = TimeSpan.FromDays(3);

    public async Task EndAsync(RequestRow request, WritebackResult result, CancellationToken cancellation)
    {
        if (request.Kind != RequestKind.Reset)
        {
            return;
        }

        // A power cut that takes this back leaves the request untold, and it is called again.
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.RelaxAsync(cancellation);
        var flow = await db.Set<FlowRow>()
            .AsNoTracking()
            .FirstOrDefaultAsync(f => f.Tenant == request.Tenant && f.ResetRequest == request.Id, cancellation);
        await EndAsync(db, flow, request, result, cancellation);
    }

    private async Task EndAsync(PortalDb db, FlowRow? flow, RequestRow request, WritebackResult result, CancellationToken cancellation)
    {
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        var tells = flow is not null && result is (WritebackResult.Applied or WritebackResult.Unknown);
        var first = tells && await SpendAsync(db, flow!, cancellation);
        if (first)
        {
            await TellAsync(db, flow!, result, cancellation);
        }

        // Once for each end; and once more where evidence has resolved an Unknown, which was told as such.
        var resolved = tells && !first && await WasUnknownAsync(db, request, cancellation);
        if (first || resolved || !tells)
        {
            Record(db, flow, request, result);
        }

        await db.SaveChangesAsync(cancellation);
        await all.CommitAsync(cancellation);
        mails.Wake();
    }

    /// <summary>Of any number of callers, and over a restart, one gets true.</summary>
    private async Task<bool> SpendAsync(PortalDb db, FlowRow flow, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var first = await db.Set<FlowRow>()
            .Where(f => f.Id == flow.Id && f.Tenant == flow.Tenant && f.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.EndedAt, now), cancellation);
        await db.Set<PassedGate>()
            .Where(g => g.FlowId == flow.Id && g.Tenant == flow.Tenant && g.SpentAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.SpentAt, now), cancellation);
        return first == 1;
    }

    private static async Task<bool> WasUnknownAsync(PortalDb db, RequestRow request, CancellationToken cancellation)
    {
        var told = await db.Set<AuditEntry>()
            .Where(a => a.Tenant == request.Tenant && a.Request == request.Id && a.Event != AuditEventId.ResetBegun)
            .Select(a => a.Event)
            .ToListAsync(cancellation);
        return told is [AuditEventId.ResetUnknown];
    }

    private void Record(PortalDb db, FlowRow? flow, RequestRow request, WritebackResult result)
    {
        var (outcome, reason) = (result.GetType().Name, ReasonOf(result));
        logger.Ended(request.Id, flow?.Trace, outcome, reason);
        var detail = $"{flow?.Trace} {outcome} {(int)reason} {reason}".Trim();
        audit.Add(db, EventOf(result), request.Tenant, request.Anchor, request.Id, detail, flow?.Network);
    }

    private async Task TellAsync(PortalDb db, FlowRow flow, WritebackResult result, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var tenant = await tenants.FindAsync(flow.Tenant, cancellation);
        var user = await users.FindAsync(flow.Tenant, flow.Subject, cancellation);
        if (tenant is null || user is null)
        {
            return;
        }

        var (subject, text) = sentences.Notice(tenant, flow, result is WritebackResult.Applied, now);
        foreach (var address in user.ToContactData().AllEmail)
        {
            await mails.AddAsync(db, flow.Tenant, address.Value, subject, text, deliver: true, now + NoticeLifetime);
        }
    }

    private static AuditEventId EventOf(WritebackResult result) =>
        result switch
        {
            WritebackResult.Applied => AuditEventId.ResetDone,
            WritebackResult.Unknown => AuditEventId.ResetUnknown,
            _ => AuditEventId.ResetFailed,
        };

    private static WritebackReason ReasonOf(WritebackResult result) =>
        result switch
        {
            WritebackResult.Rejected rejected => rejected.Reason,
            WritebackResult.NotAttempted notAttempted => notAttempted.Reason,
            WritebackResult.Unknown unknown => unknown.Reason,
            _ => WritebackReason.None,
        };
}
