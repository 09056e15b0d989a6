namespace PortalApp.Gates;

/// <summary>What came of asking for a code. Closed: the two cases below.</summary>
internal abstract record GateChallenge
{
    private GateChallenge() { }

    /// <param name="Mask">Where it went, such as •••@g•••.com.</param>
    /// <param name="WorksUntil">The first instant at which it is refused.</param>
    public sealed record Sent(string Mask, DateTimeOffset WorksUntil) : GateChallenge;

    /// <summary>Nothing was sent; an older code of this flow still works.</summary>
    public sealed record Blocked(GateBlock Why) : GateChallenge;
}

/// <summary>The code that works in a flow now.</summary>
/// <param name="WorksUntil">The first instant at which it is refused.</param>
/// <param name="TriesLeft">0–5.</param>
internal sealed record GateChallengeState(string Mask, DateTimeOffset WorksUntil, int TriesLeft);
