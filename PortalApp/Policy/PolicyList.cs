namespace PortalApp.Policy;

/// <summary>One of a tenant's policies, before the default.</summary>
/// <param name="Groups">Whom it holds: whoever is in one of them.</param>
internal sealed record PolicyEntry(string Name, IReadOnlyList<long> Groups, PolicyTerms Terms)
{
    public const int MaxName = 100;

    public bool Equals(PolicyEntry? other) =>
        other is not null && Name == other.Name && Groups.SequenceEqual(other.Groups) && Terms.Equals(other.Terms);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A tenant's policies in their order: the first whose group holds a person applies, and the default to everybody who is left.</summary>
internal sealed record PolicyList(IReadOnlyList<PolicyEntry> Entries, PolicyTerms Default)
{
    public const int MaxEntries = 20;

    /// <summary>That all policies of a list may name together: people are counted by them in one look.</summary>
    public const int MaxGroups = 24;

    /// <summary>A new tenant's.</summary>
    public static PolicyList First { get; } = new([], PolicyTerms.First);

    /// <summary>All that are named, each once.</summary>
    public IEnumerable<long> Groups => Entries.SelectMany(entry => entry.Groups).Concat(Terms.SelectMany(AudienceOf)).Distinct();

    /// <summary>Of each policy, the default's last.</summary>
    public IEnumerable<PolicyTerms> Terms => Entries.Select(entry => entry.Terms).Append(Default);

    /// <summary>By its own words nobody may reset a password.</summary>
    public bool IsForNobody => Terms.All(terms => terms.ForWhom is PolicyAudience.Nobody);

    /// <summary>Null: the default.</summary>
    public PolicyEntry? EntryFor(IReadOnlySet<long> groups) => Entries.FirstOrDefault(entry => entry.Groups.Any(groups.Contains));

    /// <param name="groups">The person's own, those around them counted.</param>
    public AppliedTerms For(IReadOnlySet<long> groups) => TermsFor(groups).For(groups);

    public PolicyTerms TermsFor(IReadOnlySet<long> groups) => EntryFor(groups)?.Terms ?? Default;

    /// <summary>Whether it is weaker by what it says, whoever is in its groups now: a policy of the same name, or what would else have held, asked for more.</summary>
    public bool IsWeakerThan(PolicyList other) =>
        Default.IsWeakerThan(other.Default)
        || Entries.Any(entry =>
            entry.Terms.IsWeakerThan(other.Entries.FirstOrDefault(held => held.Name == entry.Name)?.Terms ?? other.Default)
        );

    public bool Equals(PolicyList? other) => other is not null && Entries.SequenceEqual(other.Entries) && Default.Equals(other.Default);

    public override int GetHashCode() => Default.GetHashCode();

    /// <summary>For the audit.</summary>
    public override string ToString() =>
        string.Join(
            " | ",
            Entries.Select(entry => $"{entry.Name} of groups {string.Join(", ", entry.Groups)}: {entry.Terms}").Append(Default.ToString())
        );

    private static IReadOnlyList<long> AudienceOf(PolicyTerms terms) => terms.ForWhom is PolicyAudience.Groups { Ids: var ids } ? ids : [];
}
