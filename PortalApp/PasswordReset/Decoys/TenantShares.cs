using PortalApp.Gates;

namespace PortalApp.PasswordReset.Decoys;

/// <summary>
/// How a tenant's real accounts fare before the gates, counted: the refusal that each reads, the methods that each has, what these show. A name
/// without an account is dealt the same by the same shares (H1, H3, H4).
/// </summary>
/// <param name="Refused">Accounts by the refusal that they read; those that reach the gates are not in it.</param>
/// <param name="Profiles">Those that reach the gates, by what they are offered there and what that shows.</param>
internal sealed record TenantShares(
    IReadOnlyList<(RefusalCode Code, int Accounts)> Refused,
    IReadOnlyList<(GateShape Shape, LookTree Looks)> Profiles
)
{
    private int Gate => Profiles.Sum(p => p.Looks.Accounts);

    /// <returns>The refusal that the name reads, or null for the gates.</returns>
    public RefusalCode? DrawPage(Decoy decoy)
    {
        (RefusalCode? Code, string Name, int Accounts)[] pages =
        [
            .. Refused.Select(r => ((RefusalCode?)r.Code, r.Code.ToString(), r.Accounts)),
            (null, "gates", Gate),
        ];
        return pages.Where(p => p.Accounts > 0).ToArray() is { Length: > 0 } some ? decoy.Draw("page", some) : RefusalCode.TooFewMethods;
    }

    /// <summary>What the gates find; empty where no account reaches them.</summary>
    public GateProfile DrawProfile(Decoy decoy)
    {
        if (Profiles.Count == 0)
        {
            return new([]);
        }

        var (shape, looks) = DrawShape(decoy);
        var shown = shape.ShownMethods.Zip(looks.Draw(decoy)).ToDictionary();
        return new(
            [
                .. shape.Methods.Select(m => new GateHolding(m, shown[shape.Shown(m)].Mask, [])
                {
                    IsSecondFactor = shape.SecondFactors.Contains(m),
                    Questions = shown[shape.Shown(m)].Questions,
                }),
            ],
            shape.HasRole
        );
    }

    /// <summary>In which groups somebody is who has that: they say which policy holds.</summary>
    public IReadOnlyList<long> DrawGroups(Decoy decoy) => Profiles.Count == 0 ? [] : DrawShape(decoy).Shape.Groups;

    private (GateShape Shape, LookTree Looks) DrawShape(Decoy decoy) =>
        decoy.Draw("profile", Profiles.Select(p => (p, p.Shape.Name, p.Looks.Accounts)));
}

/// <summary>What an account is offered, whoever it is.</summary>
/// <param name="Methods">In the order in which they are offered.</param>
/// <param name="HasRole">As <see cref="GateProfile.HasRole"/>: the pages ask for two gates.</param>
/// <param name="SecondFactors">Of who has a role, those methods of which one gate at the most may be.</param>
/// <param name="Groups">Of those that the policies name.</param>
internal sealed record GateShape(
    IReadOnlyList<GateMethod> Methods,
    bool HasRole,
    IReadOnlyList<GateMethod> SecondFactors,
    IReadOnlyList<long> Groups
)
{
    public GateShape(params IReadOnlyList<GateMethod> methods)
        : this(methods, false, [], []) { }

    /// <summary>Whose mask a method shows: a phone that is texted and called is one.</summary>
    public GateMethod Shown(GateMethod method) => Methods.Contains(method.Counted()) ? method.Counted() : method;

    /// <summary>Those that show something of their own.</summary>
    public IEnumerable<GateMethod> ShownMethods => Methods.Where(m => Shown(m) == m);

    /// <summary>The same for two that are offered the same.</summary>
    public string Name =>
        (HasRole ? $"{string.Join(' ', Methods)} of a role, {string.Join(' ', SecondFactors)}" : string.Join(' ', Methods))
        + string.Concat(Groups.Select(group => $" in {group}"));
}
