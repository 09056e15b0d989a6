using System.Text.Json;

namespace PortalApp.Gates;

/// <summary>That a person has what a gate takes.</summary>
/// <param name="Mask">What a page may show of it, such as •••@g•••.com; null where there is nothing to show.</param>
/// <param name="Basis">
/// A keyed hash (32 bytes) of what the proof stands on now: an address, a secret. Kept with a passed gate and compared later: another value
/// means that it was changed meanwhile and the gate is void (H30). Empty for a decoy's, on which nothing is ever passed.
/// </param>
internal sealed record GateHolding(GateMethod Method, string? Mask, byte[] Basis);

/// <summary>All that somebody holds: a person's own, or what is drawn for a name without an account. In the order in which it is offered.</summary>
internal sealed record GateProfile(IReadOnlyList<GateHolding> Held)
{
    public IEnumerable<GateMethod> Methods => Held.Select(h => h.Method);

    /// <param name="methods">Those that a policy enables.</param>
    public GateProfile Among(IReadOnlySet<GateMethod> methods) => new([.. Held.Where(h => methods.Contains(h.Method))]);

    public GateHolding? Of(GateMethod method) => Held.FirstOrDefault(h => h.Method == method);

    /// <summary>JSON of methods and masks, for a row; without what the proofs stand on.</summary>
    public string ToText() => JsonSerializer.Serialize(Held.Select(h => new Kept((int)h.Method, h.Mask)));

    public static GateProfile Parse(string text) =>
        new([.. JsonSerializer.Deserialize<Kept[]>(text)!.Select(k => new GateHolding((GateMethod)k.Method, k.Mask, []))]);

    private sealed record Kept(int Method, string? Mask);
}

/// <summary>Works out what people hold, over all gates there are.</summary>
internal sealed class GateProfiles(IEnumerable<IGate> gates)
{
    private readonly IGate[] offered = [.. gates.OrderByDescending(g => g.Kind).ThenBy(g => g.Method)];

    public async Task<GateProfile> OfAsync(GatePerson person, CancellationToken cancellation) =>
        (await OfAsync([person], cancellation))[person.Subject];

    /// <param name="people">Of one tenant.</param>
    /// <returns>By <see cref="GatePerson.Subject"/>, for each of them.</returns>
    public async Task<IReadOnlyDictionary<string, GateProfile>> OfAsync(
        IReadOnlyCollection<GatePerson> people,
        CancellationToken cancellation
    )
    {
        var held = people.ToDictionary(p => p.Subject, _ => new List<GateHolding>());
        foreach (var gate in offered)
        {
            foreach (var (subject, holding) in await gate.HeldByAsync(people, cancellation))
            {
                held[subject].Add(holding);
            }
        }

        return held.ToDictionary(h => h.Key, h => new GateProfile(h.Value));
    }
}
