using System.Collections.Immutable;
using PortalApp.Gates;

namespace PortalApp.Policy;

/// <summary>What a policy says.</summary>
/// <param name="Gates">1 or 2 (M21).</param>
/// <param name="Methods">Those that may be used for a gate.</param>
/// <param name="Unlock">Whoever has passed the gates may end their account's lock and keep the password.</param>
/// <param name="QuestionsAlone">An administrator confirmed that answers to questions may be the one gate (H46).</param>
internal sealed record PolicyTerms(
    PolicyAudience ForWhom,
    int Gates,
    ImmutableSortedSet<GateMethod> Methods,
    bool Unlock = false,
    bool QuestionsAlone = false
)
{
    /// <summary>The administrators hear of a reset by one of them.</summary>
    public bool TellsAdministrators { get; init; }

    /// <summary>A new tenant's.</summary>
    public static PolicyTerms First { get; } = new(new PolicyAudience.Everyone(), 1, [GateMethod.AlternateEmail]);

    /// <summary>Of the helpdesk's help.</summary>
    public ImmutableSortedSet<HelpRule> Help { get; init; } = [];

    /// <summary>Answers to questions can be all that somebody proves.</summary>
    public bool LetQuestionsAlone => Gates == 1 && Methods.Contains(GateMethod.SecurityQuestions);

    /// <param name="groups">The person's own, those around them counted.</param>
    public AppliedTerms For(IReadOnlySet<long> groups) =>
        new(ForWhom.Admits(groups), Gates, Methods, Unlock) { TellsAdministrators = TellsAdministrators };

    /// <summary>Whether it lets somebody through for whom these would ask for more: fewer gates, other methods, or more people.</summary>
    public bool IsWeakerThan(PolicyTerms other) =>
        Gates < other.Gates
        || !Methods.Except(other.Methods).IsEmpty
        || HelpsMoreEasilyThan(other)
        || (ForWhom, other.ForWhom) switch
        {
            (PolicyAudience.Nobody, _) or (_, PolicyAudience.Everyone) => false,
            (PolicyAudience.Groups one, PolicyAudience.Groups two) => one.Ids.Except(two.Ids).Any(),
            _ => true,
        };

    private bool HelpsMoreEasilyThan(PolicyTerms other) =>
        !Help.Remove(HelpRule.CallerFirst).Except(other.Help).IsEmpty
        || (other.Help.Contains(HelpRule.CallerFirst) && !Help.Contains(HelpRule.CallerFirst));

    public bool Equals(PolicyTerms? other) =>
        other is not null
        && ForWhom.Equals(other.ForWhom)
        && (Gates, Unlock) == (other.Gates, other.Unlock)
        && Methods.SetEquals(other.Methods)
        && Help.SetEquals(other.Help)
        && QuestionsAlone == other.QuestionsAlone
        && TellsAdministrators == other.TellsAdministrators;

    public override int GetHashCode() => HashCode.Combine(ForWhom, Gates, Methods.Count);

    /// <summary>For the audit.</summary>
    public override string ToString() =>
        $"{ForWhom}; {Gates} of {string.Join(", ", Methods)}"
        + (QuestionsAlone ? "; questions alone" : "")
        + (Help.IsEmpty ? "" : $"; {string.Join(", ", Help)}")
        + (Unlock ? "; unlock alone" : "")
        + (TellsAdministrators ? "; tells administrators" : "");
}

/// <summary>What the terms that hold for a person ask of that person.</summary>
/// <param name="Enabled">They let this person reset a password.</param>
/// <param name="Unlock">As of <see cref="PolicyTerms"/>.</param>
internal sealed record AppliedTerms(bool Enabled, int Gates, ImmutableSortedSet<GateMethod> Methods, bool Unlock = false)
{
    /// <summary>As <see cref="PolicyTerms.TellsAdministrators"/>.</summary>
    public bool TellsAdministrators { get; init; }

    /// <summary>What both allow: a flow under way is held to the version that it began under and to today's (H33).</summary>
    public static AppliedTerms StricterOf(AppliedTerms a, AppliedTerms b) =>
        new(a.Enabled && b.Enabled, Math.Max(a.Gates, b.Gates), a.Methods.Intersect(b.Methods), a.Unlock && b.Unlock)
        {
            TellsAdministrators = a.TellsAdministrators || b.TellsAdministrators,
        };

    /// <summary>Whether the person gets through where the others would ask for more.</summary>
    public bool IsWeakerThan(AppliedTerms other) =>
        Enabled && (!other.Enabled || Gates < other.Gates || !Methods.Except(other.Methods).IsEmpty);
}
