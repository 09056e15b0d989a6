namespace PortalApp.Throttle;

/// <summary>How well somebody is known who tries to prove that they are a person. Skips no proof. Stored by number: never renumber.</summary>
internal enum Familiarity
{
    Stranger = 0,

    /// <summary>From a network in which the person succeeded before.</summary>
    Network = 1,

    /// <summary>In a browser in which the person succeeded before.</summary>
    Browser = 2,
}

/// <summary>From where somebody tries to prove that they are a person.</summary>
/// <param name="Network">The narrowest that is counted.</param>
internal sealed record Caller(NetworkPrefix Network, Familiarity Familiarity)
{
    /// <summary>
    /// What is counted for one person from one place, and locks nobody else out: the network (of IPv6 the widest, since no two neighbours of one
    /// site ask for the same person); or the person's own browsers together, so that who shares their network does not count against them.
    /// </summary>
    public string Place => Familiarity == Familiarity.Browser ? "own browsers" : Network.Around.LastOrDefault(Network).Value;
}
