using System.Collections.Immutable;
using PortalApp.Gates;

namespace PortalApp.Policy;

/// <summary>What a policy says.</summary>
/// <param name="Gates">1 or 2 (M21).</param>
/// <param name="Methods">Those that may be used for a gate.</param>
internal sealed record PolicyTerms(PolicyAudience ForWhom, int Gates, ImmutableSortedSet<GateMethod> Methods)
{
    /// <summary>A new tenant's.</summary>
    public static PolicyTerms First { get; } = new(new PolicyAudience.Everyone(), 1, [GateMethod.AlternateEmail]);

    /// <summary>What both allow: a flow under way is held to the version that it began under and to today's (H33).</summary>
    public static PolicyTerms StricterOf(PolicyTerms a, PolicyTerms b) =>
        new(new PolicyAudience.Both(a.ForWhom, b.ForWhom), Math.Max(a.Gates, b.Gates), a.Methods.Intersect(b.Methods));

    /// <summary>Whether it lets somebody through for whom these would ask for more: fewer gates, other methods, or more people.</summary>
    public bool IsWeakerThan(PolicyTerms other) =>
        Gates < other.Gates
        || !Methods.Except(other.Methods).IsEmpty
        || (ForWhom, other.ForWhom) switch
        {
            (PolicyAudience.Nobody, _) or (_, PolicyAudience.Everyone) => false,
            (PolicyAudience.Groups one, PolicyAudience.Groups two) => one.Names.Except(two.Names, StringComparer.OrdinalIgnoreCase).Any(),
            _ => true,
        };

    /// <summary>For the audit.</summary>
    public override string ToString() => $"{ForWhom}; {Gates} of {string.Join(", ", Methods)}";
}
