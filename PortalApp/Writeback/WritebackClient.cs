using Microsoft.Extensions.Options;
using Portal.Policy;
using Portal.Relay.Envelopes;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Data;
using PortalApp.Relay;
using PortalApp.Secrets;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.Writeback;

/// <summary>
/// Adds a request's row to the caller's transaction, and seals the request meanwhile for the agents that are ready for the user's connector;
/// after the commit hands it to the tenant's relay.
/// </summary>
internal sealed class WritebackClient(
    RequestStore requests,
    VerifyPlaces places,
    AgentStore agents,
    TenantKeys tenantKeys,
    IRelay relay,
    IOptions<WritebackOptions> options,
    TimeProvider clock,
    ILogger<WritebackClient> logger
)
{
    /// <param name="db">In a transaction.</param>
    /// <param name="ask">The request with the header that is made for it here.</param>
    /// <param name="subject">Whose password is tried by it; null where none is.</param>
    /// <param name="before">What is to stand before it is sent, after the commit; false where the request is over.</param>
    public async Task<RequestAdding> AddAsync(
        PortalDb db,
        User user,
        RequestOrigin origin,
        Func<RequestHeader, CloudAnchor, WritebackRequest.OfAccount> ask,
        CancellationToken cancellation,
        string? subject = null,
        BeforeSending? before = null
    )
    {
        var now = clock.GetUtcNow();
        var header = new RequestHeader(RequestId.New(), user.Tenant, now, now + options.Value.Deadline);
        var request = ask(header, new CloudAnchor(user.Id));
        var row = RowOf(request);
        (row.Connector, row.Flow, row.Trace, row.Initiator) = (user.Connector, origin.Flow, origin.Trace, origin.Initiator);
        row.Subject = subject;
        if (await requests.AddAsync(db, row, cancellation) is { } open)
        {
            return new RequestAdding.AlreadyOpen(open);
        }

        var sealing = Task.Run(() => SealAsync(request, row.Connector), CancellationToken.None);
        return new RequestAdding.Added(
            request.Id,
            async () => (before is null || await before(row)) && await SendAsync(request, row, await sealing)
        );
    }

    /// <summary>
    /// Asks whether that is the password, in a place of its own (<see cref="VerifyPlaces"/>), and at once. Of a name without an account the
    /// same is asked, about an account that no directory has.
    /// </summary>
    /// <returns>Null where there is no place: nothing was asked.</returns>
    public async Task<RequestId?> AskAsync(VerifySubject whom, CurrentPassword password, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var header = new RequestHeader(RequestId.New(), whom.Tenant, now, now + VerifySubject.Patience);
        var request = new WritebackRequest.Verify(header, whom.User is { } user ? new(user.Id) : CloudAnchor.New(), password);
        var row = RowOf(request);
        (row.Anchor, row.Connector, row.Subject) = (whom.User?.Id, whom.Connector, whom.Key);
        return await TryAskAsync(request, row, cancellation);
    }

    /// <summary>Asks what stands between the person and the account, in a place of its own; one question about a person at a time.</summary>
    /// <param name="initiator">Who wants to know.</param>
    /// <returns>Null where there is no place: nothing was asked.</returns>
    public async Task<RequestId?> ExplainAsync(User user, string initiator, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var header = new RequestHeader(RequestId.New(), user.Tenant, now, now + VerifySubject.Patience);
        var request = new WritebackRequest.Explain(header, new(user.Id));
        var row = RowOf(request);
        (row.Connector, row.Subject, row.Initiator) = (user.Connector, $"explain/{user.Id}", initiator);
        return await TryAskAsync(request, row, cancellation);
    }

    private async Task<RequestId?> TryAskAsync(WritebackRequest request, Request row, CancellationToken cancellation)
    {
        if (!await places.TryAddAsync(row, cancellation))
        {
            return null;
        }

        await SendAsync(request, row, await SealAsync(request, row.Connector));
        return request.Id;
    }

    /// <summary>Throws nothing: where the transaction is undone, nobody looks at what came of it.</summary>
    private async Task<Sealing> SealAsync(WritebackRequest request, string? connector)
    {
        try
        {
            var active = await agents.ActiveAsync(request.Tenant, CancellationToken.None);
            var recipients = active.RecipientsOf(connector ?? "", request.Kind);
            if (recipients.Count == 0)
            {
                return new Sealing.Not(active.IsReady(connector ?? "") ? WritebackReason.NotSupported : WritebackReason.NoAgent);
            }

            var heldByAll = active.TenantKeysOf(connector ?? "", request.Kind);
            var key = await tenantKeys.SealingAsync(request.Tenant, heldByAll, CancellationToken.None);
            return new Sealing.Sealed(Envelope.Seal(request, recipients, key));
        }
        catch (Exception e)
        {
            logger.NotSent(request.Id.Value, e);
            return new Sealing.Not(WritebackReason.NoAgent);
        }
    }

    /// <summary>What fails ends the row: no claim is granted any more.</summary>
    private async Task<bool> SendAsync(WritebackRequest request, Request row, Sealing sealing)
    {
        var why = sealing is Sealing.Sealed(var envelope)
            ? await TrySendAsync(request, row.Connector ?? "", envelope)
            : ((Sealing.Not)sealing).Why;
        return why is null || !await requests.EndAsync(row, new WritebackResult.NotAttempted(why.Value, null), CancellationToken.None);
    }

    /// <returns>Null: sent; else why not.</returns>
    private async Task<WritebackReason?> TrySendAsync(WritebackRequest request, string connector, byte[] envelope)
    {
        try
        {
            return await relay.SendAsync(request.Tenant, connector, request.Id, envelope, request.Deadline - clock.GetUtcNow())
                ? null
                : WritebackReason.NoAgent;
        }
        catch (Exception e)
        {
            logger.NotSent(request.Id.Value, e);
            return WritebackReason.NoAgent;
        }
    }

    private abstract record Sealing
    {
        public sealed record Sealed(byte[] Envelope) : Sealing;

        public sealed record Not(WritebackReason Why) : Sealing;
    }

    private static Request RowOf(WritebackRequest.OfAccount request) =>
        new()
        {
            Id = request.Id.Value,
            Tenant = request.Tenant,
            Anchor = request.Anchor.Value,
            Kind = request.Kind,
            Issued = request.Issued,
            Deadline = request.Deadline,
            Open = OutcomeRules.Writes(request.Kind),
        };
}
