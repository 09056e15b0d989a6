namespace PortalApp.Policy;

/// <summary>For whom of those that a policy holds it lets passwords be reset (M20). Closed: the three cases below.</summary>
internal abstract record PolicyAudience
{
    private PolicyAudience() { }

    /// <param name="groups">The person's own, those around them counted.</param>
    public abstract bool Admits(IReadOnlySet<long> groups);

    public sealed override string ToString() =>
        this switch
        {
            Groups { Ids: var ids } => $"for groups {string.Join(", ", ids)}",
            _ => $"for {GetType().Name.ToLowerInvariant()}",
        };

    public sealed record Nobody : PolicyAudience
    {
        public override bool Admits(IReadOnlySet<long> groups) => false;
    }

    public sealed record Everyone : PolicyAudience
    {
        public override bool Admits(IReadOnlySet<long> groups) => true;
    }

    /// <summary>Whoever is in one of them.</summary>
    public sealed record Groups(IReadOnlyList<long> Ids) : PolicyAudience
    {
        public override bool Admits(IReadOnlySet<long> groups) => Ids.Any(groups.Contains);

        public bool Equals(Groups? other) => other is not null && Ids.SequenceEqual(other.Ids);

        public override int GetHashCode() => Ids.Count;
    }
}
