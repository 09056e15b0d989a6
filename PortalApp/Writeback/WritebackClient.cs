using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Policy;
using Portal.Relay;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Data;
using PortalApp.Relay;
using PortalApp.Secrets;

namespace PortalApp.Writeback;

/// <summary>What came of sending a request; its end is read from its row.</summary>
internal abstract record SendResult
{
    private SendResult() { }

    public sealed record Sent(RequestId Id) : SendResult;

    /// <summary>Another request of this account is open; one at a time.</summary>
    public sealed record AlreadyOpen(RequestId Id) : SendResult;

    /// <summary>The row was ended at once as not attempted.</summary>
    public sealed record NotSent(RequestId Id, WritebackReason Reason) : SendResult;
}

/// <summary>DESIGN's step 7: the row is committed, then the request is sealed and sent to the tenant's relay.</summary>
internal sealed class WritebackClient(
    IDbContextFactory<PortalDb> databases,
    RequestStore requests,
    AgentStore agents,
    TenantKeys tenantKeys,
    RelaySender relay,
    IOptions<WritebackOptions> options,
    TimeProvider clock
)
{
    /// <param name="alsoInTransaction">What must stand or fall with the row (the flow's link to it).</param>
    public async Task<SendResult> SendAsync(
        TenantId tenant,
        CloudAnchor? anchor,
        RequestKind kind,
        NewPassword? password,
        Func<PortalDb, RequestId, Task>? alsoInTransaction,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var deadline = kind == RequestKind.Health ? now + WritebackHealth.GivesUpAfter : now + options.Value.Deadline;
        var request = new WritebackRequest(RequestId.New(), tenant, anchor, kind, now, deadline, password);
        if (await CommitAsync(request, alsoInTransaction, ct) is { } open)
        {
            return new SendResult.AlreadyOpen(open);
        }

        var recipients = await agents.RecipientsAsync(tenant, ct);
        var keys = await tenantKeys.OpenAsync(tenant, ct);
        if (
            recipients.Count > 0
            && keys.Count > 0
            && relay.TrySend(tenant, request.Id, Envelope.Seal(request, recipients, keys[0]), deadline - clock.GetUtcNow())
        )
        {
            return new SendResult.Sent(request.Id);
        }

        await requests.EndAsync(RowOf(request), new WritebackResult.NotAttempted(WritebackReason.NoAgent, null), ct);
        return new SendResult.NotSent(request.Id, WritebackReason.NoAgent);
    }

    /// <summary>Null when the row stands; the open request's id where the account has one.</summary>
    private async Task<RequestId?> CommitAsync(
        WritebackRequest request,
        Func<PortalDb, RequestId, Task>? alsoInTransaction,
        CancellationToken ct
    )
    {
        for (var again = false; ; again = true)
        {
            await using var db = await databases.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            try
            {
                db.Add(RowOf(request));
                await db.SaveChangesAsync(ct);
                if (alsoInTransaction is not null)
                {
                    await alsoInTransaction(db, request.Id);
                    await db.SaveChangesAsync(ct);
                }

                await transaction.CommitAsync(ct);
                return null;
            }
            catch (DbUpdateException e) when (e.InnerException is Microsoft.Data.Sqlite.SqliteException { SqliteExtendedErrorCode: 2067 })
            {
                await transaction.RollbackAsync(ct);
                if (await OpenOneAsync(request, again, ct) is { } open)
                {
                    return open;
                }
            }
        }
    }

    /// <summary>The account's open request; one whose deadline passed unclaimed is ended first, and null says: try again.</summary>
    private async Task<RequestId?> OpenOneAsync(WritebackRequest request, bool again, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var row = await db.Set<RequestRow>()
            .AsNoTracking()
            .SingleOrDefaultAsync(r => r.Tenant == request.Tenant && r.Anchor == request.Anchor!.Value.Value && r.Open, ct);
        if (row is null)
        {
            return null;
        }

        if (row.Attempt is null && row.Deadline <= clock.GetUtcNow() && !again)
        {
            await requests.EndAsync(row, new WritebackResult.NotAttempted(WritebackReason.NoAgent, null), ct);
            return null;
        }

        return new RequestId(row.Id);
    }

    private static RequestRow RowOf(WritebackRequest request) =>
        new()
        {
            Id = request.Id.Value,
            Tenant = request.Tenant,
            Anchor = request.Anchor?.Value,
            Kind = request.Kind,
            Issued = request.Issued,
            Deadline = request.Deadline,
            Open = RequestStore.Writes(request.Kind),
        };
}
