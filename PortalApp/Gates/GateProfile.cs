using System.Text.Json;

namespace PortalApp.Gates;

/// <summary>That a person has what a gate takes.</summary>
/// <param name="Mask">What a page may show of it, such as •••@g•••.com; null where there is nothing to show.</param>
/// <param name="Basis">
/// A keyed hash (32 bytes) of what the proof stands on now: an address, a secret. Kept with a passed gate and compared later: another value
/// means that it was changed meanwhile and the gate is void (H30). Empty for a decoy's, on which nothing is ever passed.
/// </param>
internal sealed record GateHolding(GateMethod Method, string? Mask, byte[] Basis)
{
    /// <summary>What was passed with it still stands; nothing more is: the last recovery code was used.</summary>
    public bool IsUsedUp { get; init; }

    /// <summary>The person signs in with one of the same kind.</summary>
    public bool IsSecondFactor { get; init; }

    /// <summary>Of security questions alone: the numbers of those that were answered, by a space, in their order.</summary>
    public string? Questions { get; init; }
}

/// <summary>All that somebody holds: a person's own, or what is drawn for a name without an account. In the order in which it is offered.</summary>
/// <param name="HasRole">
/// More is asked of who may do more: two gates whatever the policy says, no questions, and not both by what they sign in with.
/// </param>
internal sealed record GateProfile(IReadOnlyList<GateHolding> Held, bool HasRole = false)
{
    private const int GatesOfRole = 2;

    /// <summary>What something can be passed with still.</summary>
    public GateProfile Usable => this with { Held = [.. Held.Where(h => !h.IsUsedUp)] };

    public IEnumerable<GateMethod> Methods => Usable.Held.Select(h => h.Method);

    /// <param name="asked">By the policy.</param>
    public int GatesOf(int asked) => HasRole ? Math.Max(asked, GatesOfRole) : asked;

    /// <param name="methods">Those that a policy enables.</param>
    public GateProfile Among(IReadOnlySet<GateMethod> methods) =>
        this with
        {
            Held = [.. Held.Where(h => methods.Contains(h.Method) && !(HasRole && h.Method == GateMethod.SecurityQuestions))],
        };

    /// <summary>Whether it is enough for the gates that a policy asks for.</summary>
    public bool Suffices(int asked) =>
        Methods.Different() >= GatesOf(asked) && (!HasRole || Held.Any(h => h is { IsUsedUp: false, IsSecondFactor: false }));

    /// <summary>What was passed counts, whether or not it was the last of its kind.</summary>
    public GateProfile Counting(IReadOnlySet<GateMethod> passed) =>
        this with
        {
            Held = [.. Held.Select(h => passed.Contains(h.Method) ? h with { IsUsedUp = false } : h)],
        };

    /// <summary>What can be passed beside these.</summary>
    public IEnumerable<GateHolding> Beside(IReadOnlySet<GateMethod> passed)
    {
        var isFactorPassed = Held.Any(h => h.IsSecondFactor && passed.Contains(h.Method));
        var counted = passed.Select(GateMethods.Counted).ToHashSet();
        return Held.Where(h => !h.IsUsedUp && !counted.Contains(h.Method.Counted()) && !(HasRole && h.IsSecondFactor && isFactorPassed));
    }

    public GateHolding? Of(GateMethod method) => Held.FirstOrDefault(h => h.Method == method);

    /// <summary>JSON of what a page shows and asks for, for a row; without what the proofs stand on.</summary>
    public string ToText() =>
        JsonSerializer.Serialize(
            new Kept(HasRole, [.. Held.Select(h => new KeptHolding((int)h.Method, h.Mask, h.IsSecondFactor, h.Questions))])
        );

    public static GateProfile Parse(string text)
    {
        var kept = JsonSerializer.Deserialize<Kept>(text)!;
        return new(
            [
                .. kept.Held.Select(k => new GateHolding((GateMethod)k.Method, k.Mask, [])
                {
                    IsSecondFactor = k.IsSecondFactor,
                    Questions = k.Questions,
                }),
            ],
            kept.HasRole
        );
    }

    private sealed record Kept(bool HasRole, KeptHolding[] Held);

    private sealed record KeptHolding(int Method, string? Mask, bool IsSecondFactor, string? Questions);
}

/// <summary>Works out what people hold, over all gates there are.</summary>
internal sealed class GateProfiles(IEnumerable<IGate> gates)
{
    private readonly IGate[] offered = [.. gates.OrderByDescending(g => g.Kind).ThenBy(g => g.Method)];

    public async Task<GateProfile> OfAsync(GatePerson person, CancellationToken cancellation) =>
        (await OfAsync([person], cancellation))[person.Subject];

    /// <param name="methods">Those that a policy enables: of no other is anything looked up.</param>
    public async Task<GateProfile> OfAsync(GatePerson person, IReadOnlySet<GateMethod> methods, CancellationToken cancellation) =>
        (await OfAsync([person], offered.Where(g => methods.Contains(g.Method)), cancellation))[person.Subject].Among(methods);

    /// <param name="people">Of one tenant.</param>
    /// <returns>By <see cref="GatePerson.Subject"/>, for each of them: all that they hold.</returns>
    public Task<IReadOnlyDictionary<string, GateProfile>> OfAsync(IReadOnlyCollection<GatePerson> people, CancellationToken cancellation) =>
        OfAsync(people, offered, cancellation);

    private static async Task<IReadOnlyDictionary<string, GateProfile>> OfAsync(
        IReadOnlyCollection<GatePerson> people,
        IEnumerable<IGate> asked,
        CancellationToken cancellation
    )
    {
        var held = people.ToDictionary(p => p.Subject, _ => new List<GateHolding>());
        var roles = people.Where(p => p.HasRole).Select(p => p.Subject).ToHashSet();
        foreach (var gate in asked)
        {
            foreach (var (subject, holding) in await gate.HeldByAsync(people, cancellation))
            {
                held[subject].Add(holding);
            }
        }

        return held.ToDictionary(h => h.Key, h => new GateProfile(h.Value, roles.Contains(h.Key)));
    }
}
