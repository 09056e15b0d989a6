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

    /// <summary>For the audit.</summary>
    public override string ToString() => $"{ForWhom}; {Gates} of {string.Join(", ", Methods)}";
}
