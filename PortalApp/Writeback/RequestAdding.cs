using Portal.Writeback;

namespace PortalApp.Writeback;

/// <summary>Where a request comes from; each event of it can be found by the trace.</summary>
/// <param name="Flow">The flow's number; null where no flow asks.</param>
/// <param name="Trace">What the person reads to the helpdesk: XXXX-XXXX.</param>
/// <param name="Initiator">The id of the user who asks for somebody else; null where the person asks alone.</param>
internal sealed record RequestOrigin(long? Flow, string? Trace, string? Initiator = null);

/// <summary>What came of adding a request to the caller's transaction. Closed: the two cases below.</summary>
internal abstract record RequestAdding
{
    private RequestAdding() { }

    /// <summary>
    /// Its row stands or falls with the transaction. After the commit it must be sent; a row that nobody sends ends as not attempted at its
    /// deadline.
    /// </summary>
    internal sealed record Added(RequestId Id, PendingSend Send) : RequestAdding;

    /// <summary>Another request that writes is open for the account: one at a time (H23). Nothing was added.</summary>
    internal sealed record AlreadyOpen(RequestId Id) : RequestAdding;
}

/// <summary>What is to stand with a committed row before it is sent.</summary>
/// <returns>False where the request is over: nothing is sent.</returns>
internal delegate Task<bool> BeforeSending(Requests.Request row);

/// <summary>Sends what was committed. Takes no cancellation: the row stands already.</summary>
/// <returns>False where it could not be sent: the row was ended as not attempted.</returns>
internal delegate Task<bool> PendingSend();
