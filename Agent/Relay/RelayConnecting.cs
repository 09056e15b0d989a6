namespace Agent.Relay;

/// <summary>What came of one attempt to enter a relay.</summary>
internal abstract record RelayConnecting
{
    private RelayConnecting() { }

    public sealed record Connected(RelayConnection Connection) : RelayConnecting;

    public sealed record Refused(RelayFault Fault, string Detail) : RelayConnecting;
}

internal enum RelayFault
{
    /// <summary>Nobody answers there, or not in time.</summary>
    Unreachable,

    /// <summary>Its certificate is not of a trusted authority, or for another name.</summary>
    Untrusted,

    /// <summary>It does not let this agent in, and somebody has to do something about it. The detail is a half-sentence.</summary>
    Unauthorised,
}
