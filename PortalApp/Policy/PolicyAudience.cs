namespace PortalApp.Policy;

/// <summary>For whom a policy lets passwords be reset (M20). Closed: the four cases below.</summary>
internal abstract record PolicyAudience
{
    private PolicyAudience() { }

    /// <param name="groups">The person's own.</param>
    public abstract bool Admits(IReadOnlyCollection<string> groups);

    public sealed override string ToString() =>
        this switch
        {
            Groups { Names: var names } => $"for groups {string.Join(", ", names)}",
            _ => $"for {GetType().Name.ToLowerInvariant()}",
        };

    public sealed record Nobody : PolicyAudience
    {
        public override bool Admits(IReadOnlyCollection<string> groups) => false;
    }

    public sealed record Everyone : PolicyAudience
    {
        public override bool Admits(IReadOnlyCollection<string> groups) => true;
    }

    /// <summary>Whoever is in one of them.</summary>
    public sealed record Groups(IReadOnlyList<string> Names) : PolicyAudience
    {
        public override bool Admits(IReadOnlyCollection<string> groups) => Names.Intersect(groups, StringComparer.OrdinalIgnoreCase).Any();
    }

    /// <summary>Whom two versions admit; never published.</summary>
    public sealed record Both(PolicyAudience One, PolicyAudience Other) : PolicyAudience
    {
        public override bool Admits(IReadOnlyCollection<string> groups) => One.Admits(groups) && Other.Admits(groups);
    }
}
