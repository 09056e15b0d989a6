namespace PortalApp.Throttle;

/// <summary>At most so many within any such window; "an hour" is any hour, not one of the clock.</summary>
/// <param name="Name">What is counted; together with whom it is counted for it names the bucket. No two limits share one.</param>
/// <param name="Window">At most <see cref="Limits.LongestWindow"/>.</param>
internal sealed record Limit(string Name, int Most, TimeSpan Window)
{
    /// <summary>
    /// What is counted for a network: it itself and, of IPv6, those around it, twice as much for a /56 and four times for a /48. So whoever was
    /// given 65,536 networks of /64 gets as much as four neighbours would.
    /// </summary>
    public IEnumerable<(Limit Limit, NetworkPrefix Network)> Of(NetworkPrefix network) =>
        [(this, network), .. network.Around.Select((wider, n) => (this with { Most = Most * (2 << n) }, wider))];
}

/// <summary>A limit of which strangers, all together, use up a part at the most; the rest is kept for who is familiar.</summary>
internal sealed record SharedLimit(Limit All, Limit OfStrangers)
{
    /// <summary>As much, with the same part for strangers.</summary>
    public SharedLimit Of(int most) =>
        new(All with { Most = most }, OfStrangers with { Most = (int)((long)most * OfStrangers.Most / All.Most) });

    /// <summary>What one more is counted against, in the order in which it is taken.</summary>
    public IEnumerable<Limit> Of(Familiarity familiarity) => familiarity == Familiarity.Stranger ? [OfStrangers, All] : [All];
}
