using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Relay.Envelopes;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Data;
using PortalApp.Relay;
using PortalApp.Secrets;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.Writeback;

/// <summary>Adds a request's row to the caller's transaction; after the commit seals the request and hands it to the tenant's relay.</summary>
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

    /// <param name="db">In a transaction.</param>
    /// <param name="ask">The request with the header that is made for it here.</param>
    public async Task<RequestAdding> AddAsync(
        PortalDb db,
        User user,
        RequestOrigin origin,
        Func<RequestHeader, CloudAnchor, WritebackRequest.OfAccount> ask,
        CancellationToken cancellation
    )
    {
        var now = clock.GetUtcNow();
        var header = new RequestHeader(RequestId.New(), user.Tenant, now, now + options.Value.Deadline);
        var request = ask(header, new CloudAnchor(user.Id));
        var row = RowOf(request);
        (row.Connector, row.Flow, row.Trace, row.Initiator) = (user.Connector, origin.Flow, origin.Trace, origin.Initiator);
        return await requests.AddAsync(db, row, cancellation) is { } open
            ? new RequestAdding.AlreadyOpen(open)
            : new RequestAdding.Added(request.Id, () => SealAndSendAsync(request, row, request.Deadline - now));
    }

    /// <param name="timeToLive">How long the question waits for an agent.</param>
    /// <returns>Null where it could not be sent.</returns>
    public async Task<RequestId?> AskHealthAsync(TenantId tenant, TimeSpan timeToLive, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var request = new WritebackRequest.Health(new RequestHeader(RequestId.New(), tenant, now, now + HealthDeadline));
        var row = RowOf(request);
        await using (var db = await databases.CreateDbContextAsync(cancellation))
        {
            await db.RelaxAsync(cancellation);
            db.Add(row);
            await db.SaveChangesAsync(cancellation);
        }

        return await SealAndSendAsync(request, row, timeToLive) ? request.Id : null;
    }

    /// <summary>What fails ends the row: no claim is granted any more.</summary>
    private async Task<bool> SealAndSendAsync(WritebackRequest request, Request row, TimeSpan timeToLive) =>
        await TrySendAsync(request, timeToLive)
        || !await requests.EndAsync(row, new WritebackResult.NotAttempted(WritebackReason.NoAgent, null), CancellationToken.None);

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
            Anchor = (request as WritebackRequest.OfAccount)?.Anchor.Value,
            Kind = request.Kind,
            Issued = request.Issued,
            Deadline = request.Deadline,
            Open = OutcomeRules.Writes(request.Kind),
        };
}
