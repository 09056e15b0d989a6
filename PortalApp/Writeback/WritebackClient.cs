using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Policy;
using Portal.Relay.Envelopes;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Data;
using PortalApp.Relay;
using PortalApp.Secrets;
using PortalApp.Writeback.Requests;

namespace PortalApp.Writeback;

/// <summary>The row is committed, then the request is sealed and sent to the tenant's relay.</summary>
internal sealed class WritebackClient(
    IDbContextFactory<PortalDb> databases,
    RequestStore requests,
    AgentStore agents,
    TenantKeys tenantKeys,
    RelaySender relay,
    IOptions<WritebackOptions> options,
    TimeProvider clock,
    ILogger<WritebackClient> logger
)
{
    /// <summary>The shortest deadline that a request may have.</summary>
    private static readonly TimeSpan HealthDeadline = TimeSpan.FromSeconds(10);

    private const int CommitTries = 5;

    /// <param name="alsoInTransaction">What must stand or fall with the row (the flow's link to it). What it throws undoes both.</param>
    /// <param name="cancellation">Has no effect once the row is committed.</param>
    public async Task<SendResult> SendAsync(
        TenantId tenant,
        CloudAnchor anchor,
        RequestKind kind,
        NewPassword? password,
        Func<PortalDb, RequestId, Task>? alsoInTransaction,
        CancellationToken cancellation
    )
    {
        var now = clock.GetUtcNow();
        var deadline = now + options.Value.Deadline;
        var request = new WritebackRequest(RequestId.New(), tenant, anchor, kind, now, deadline, password);
        return await CommitAsync(request, alsoInTransaction, cancellation) is { } open
            ? new SendResult.AlreadyOpen(open)
            : await SealAndSendAsync(request, deadline - now);
    }

    /// <param name="timeToLive">How long the question waits for an agent.</param>
    public async Task<SendResult> AskHealthAsync(TenantId tenant, TimeSpan timeToLive, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var request = new WritebackRequest(RequestId.New(), tenant, null, RequestKind.Health, now, now + HealthDeadline, null);
        await using (var db = await databases.CreateDbContextAsync(cancellation))
        {
            await db.RelaxAsync(cancellation);
            db.Add(RowOf(request));
            await db.SaveChangesAsync(cancellation);
        }

        return await SealAndSendAsync(request, timeToLive);
    }

    /// <summary>Null when the row stands; the open request's id where the account has one.</summary>
    private async Task<RequestId?> CommitAsync(
        WritebackRequest request,
        Func<PortalDb, RequestId, Task>? alsoInTransaction,
        CancellationToken cancellation
    )
    {
        for (var tries = 1; ; tries++)
        {
            if (OutcomeRules.Writes(request.Kind) && await OpenOneAsync(request, cancellation) is { } open)
            {
                return open;
            }

            await using var db = await databases.CreateDbContextAsync(cancellation);
            await db.RelaxAsync(cancellation);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            db.Add(RowOf(request));
            try
            {
                await db.SaveChangesAsync(cancellation);
            }
            catch (DbUpdateException) when (OutcomeRules.Writes(request.Kind) && tries < CommitTries)
            {
                // Another one was opened meanwhile: the unique index has the last word (H23).
                continue;
            }

            if (alsoInTransaction is not null)
            {
                await alsoInTransaction(db, request.Id);
                await db.SaveChangesAsync(cancellation);
            }

            await transaction.CommitAsync(cancellation);
            return null;
        }
    }

    /// <summary>The account's open request, if any; one whose deadline passed unclaimed is ended first.</summary>
    private async Task<RequestId?> OpenOneAsync(WritebackRequest request, CancellationToken cancellation)
    {
        var anchor = request.Anchor?.Value;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var row = await db.Set<Request>()
            .AsNoTracking()
            .SingleOrDefaultAsync(r => r.Tenant == request.Tenant && r.Anchor == anchor && r.Open, cancellation);
        var isExpired = row is { Attempt: null, Result: null } && row.Deadline <= clock.GetUtcNow();
        return
            row is null
            || (isExpired && await requests.EndAsync(row, new WritebackResult.NotAttempted(WritebackReason.NoAgent, null), cancellation))
            ? null
            : new RequestId(row.Id);
    }

    /// <summary>The row stands already, so nothing here is cancelled, and what fails ends it: no claim is granted any more.</summary>
    private async Task<SendResult> SealAndSendAsync(WritebackRequest request, TimeSpan timeToLive)
    {
        if (await TrySendAsync(request, timeToLive))
        {
            return new SendResult.Sent(request.Id);
        }

        var notSent = new WritebackResult.NotAttempted(WritebackReason.NoAgent, null);
        return await requests.EndAsync(RowOf(request), notSent, CancellationToken.None)
            ? new SendResult.NotSent(request.Id, notSent.Reason)
            : new SendResult.Sent(request.Id);
    }

    private async Task<bool> TrySendAsync(WritebackRequest request, TimeSpan timeToLive)
    {
        try
        {
            var recipients = await agents.RecipientsAsync(request.Tenant, CancellationToken.None);
            var keys = await tenantKeys.OpenAsync(request.Tenant, CancellationToken.None);
            if (recipients.Count == 0 || keys.Count == 0)
            {
                return false;
            }

            var envelope = Envelope.Seal(request, recipients, keys[0]);
            var left = request.Issued + timeToLive - clock.GetUtcNow();
            return left > TimeSpan.Zero && relay.TrySend(request.Tenant, request.Id, envelope, left);
        }
        catch (Exception e)
        {
            logger.NotSent(request.Id.Value, e);
            return false;
        }
    }

    private static Request RowOf(WritebackRequest request) =>
        new()
        {
            Id = request.Id.Value,
            Tenant = request.Tenant,
            Anchor = request.Anchor?.Value,
            Kind = request.Kind,
            Issued = request.Issued,
            Deadline = request.Deadline,
            Open = OutcomeRules.Writes(request.Kind),
        };
}
