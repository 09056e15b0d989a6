using Portal.Writeback;

namespace Portal.Relay.Envelopes;

/// <summary>What an agent finds in a message.</summary>
public abstract record EnvelopeOpening
{
    private EnvelopeOpening() { }

    public sealed record Opened(WritebackRequest Request) : EnvelopeOpening;

    /// <summary>Sealed by this tenant's portal, but for other agents: release it untouched.</summary>
    public sealed record NotForMe : EnvelopeOpening;

    /// <summary>Drop it and raise the alarm. One case for all reasons: no oracle (H68).</summary>
    public sealed record Refused : EnvelopeOpening;
}
