using PortalApp.Gates;

namespace PortalApp.PasswordReset.Decoys;

/// <summary>
/// How a tenant's real accounts fare before the gates, counted: the refusal that each reads, the methods that each has, the masks that they
/// show. A name without an account is dealt the same by the same shares (H1, H3, H4).
/// </summary>
/// <param name="Refused">Accounts by the refusal that they read; those that reach the gates are not in it.</param>
/// <param name="Profiles">Those that reach the gates, by their methods in the order in which they are offered.</param>
/// <param name="Masks">Of those that reach the gates, by method; ordered, so that a draw stays what it is.</param>
internal sealed record TenantShares(
    IReadOnlyList<(RefusalCode Code, int Accounts)> Refused,
    IReadOnlyList<(IReadOnlyList<GateMethod> Methods, int Accounts)> Profiles,
    IReadOnlyDictionary<GateMethod, IReadOnlyList<(string? Mask, int Accounts)>> Masks
)
{
    private int Gate => Profiles.Sum(p => p.Accounts);

    /// <returns>The refusal that the name reads, or null for the gates.</returns>
    public RefusalCode? DrawPage(Decoy decoy)
    {
        IEnumerable<(RefusalCode?, int)> pages = [.. Refused.Select(r => ((RefusalCode?)r.Code, r.Accounts)), (null, Gate)];
        return Refused.Count == 0 && Gate == 0 ? RefusalCode.TooFewMethods : Draw([.. pages], decoy.Page);
    }

    /// <summary>What the gates find; empty where no account reaches them.</summary>
    public GateProfile DrawProfile(Decoy decoy) =>
        new([.. (Draw(Profiles, decoy.Profile) ?? []).Select(m => new GateHolding(m, Draw(Masks[m], decoy.MaskOf(m)), []))]);

    /// <param name="fraction">0 to below 1.</param>
    private static T? Draw<T>(IReadOnlyList<(T Of, int Accounts)> shares, double fraction)
    {
        var (total, reached) = (shares.Sum(s => s.Accounts), 0);
        foreach (var (of, accounts) in shares)
        {
            reached += accounts;
            if (fraction * total < reached)
            {
                return of;
            }
        }

        return default;
    }
}
