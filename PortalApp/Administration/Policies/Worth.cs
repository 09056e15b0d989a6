using PortalApp.Gates;
using PortalApp.Policy;

namespace PortalApp.Administration.Policies;

/// <summary>What a combination of proofs is worth, by NIST SP 800-63B-4 and OWASP ASVS 5.0; a later one is worth more.</summary>
internal enum Worth
{
    /// <summary>Answers to questions alone.</summary>
    None,

    /// <summary>One proof, or one beside questions.</summary>
    Weak,

    /// <summary>One kind of proof twice.</summary>
    Fair,

    /// <summary>Two kinds.</summary>
    Good,

    /// <summary>One that cannot be given away on a false page.</summary>
    Strong,
}

internal static class Worths
{
    /// <summary>The combinations that terms allow, the strongest first.</summary>
    public static IEnumerable<(Worth Worth, IReadOnlyList<IReadOnlyList<GateMethod>> Combinations)> Of(
        PolicyTerms terms,
        IEnumerable<IGate> built
    )
    {
        var gates = built.Where(gate => terms.Methods.Contains(gate.Method)).OrderBy(gate => gate.Method).ToList();
        IEnumerable<IGate[]> all =
            terms.Gates == 1
                ? gates.Select(gate => new[] { gate })
                : gates.SelectMany(
                    (one, i) =>
                        gates
                            .Skip(i + 1)
                            .Where(other => other.Method.Counted() != one.Method.Counted())
                            .Select(other => new[] { one, other })
                );
        return all.GroupBy(Of)
            .OrderByDescending(worth => worth.Key)
            .Select(worth =>
                (worth.Key, (IReadOnlyList<IReadOnlyList<GateMethod>>)[.. worth.Select(c => c.Select(gate => gate.Method).ToArray())])
            );
    }

    private static Worth Of(IGate[] combination)
    {
        // Answers to questions are no authenticator to NIST (3.1.1), and ASVS 6.4.2 wants none.
        var kinds = combination.Select(gate => gate.Kind).Where(kind => kind != ProofKind.Knowledge).ToList();
        return kinds.Contains(ProofKind.Cryptographic) ? Worth.Strong
            : kinds.Count == 0 ? Worth.None
            : kinds.Count == 1 ? Worth.Weak
            : kinds[0] == kinds[1] ? Worth.Fair
            : Worth.Good;
    }
}
