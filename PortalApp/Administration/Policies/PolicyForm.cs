using PortalApp.Gates;
using PortalApp.Policy;

namespace PortalApp.Administration.Policies;

/// <summary>Terms while somebody chooses them.</summary>
internal sealed class PolicyForm
{
    /// <summary><c>Nobody</c>, <c>Groups</c> or <c>Everyone</c>.</summary>
    public string ForWhom { get; set; } = "";

    /// <summary>A line each.</summary>
    public string Groups { get; set; } = "";

    public int Gates { get; set; }
    public HashSet<GateMethod> Methods { get; } = [];

    public PolicyTerms Terms =>
        new(
            ForWhom switch
            {
                nameof(PolicyAudience.Nobody) => new PolicyAudience.Nobody(),
                nameof(PolicyAudience.Groups) => new PolicyAudience.Groups([
                    .. Groups.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                ]),
                _ => new PolicyAudience.Everyone(),
            },
            Gates,
            [.. Methods]
        );

    public void Take(PolicyTerms terms)
    {
        ForWhom = terms.ForWhom.GetType().Name;
        Groups = terms.ForWhom is PolicyAudience.Groups { Names: var names } ? string.Join('\n', names) : "";
        Gates = terms.Gates;
        Methods.Clear();
        Methods.UnionWith(terms.Methods);
    }
}
