using Portal.Writeback;

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
