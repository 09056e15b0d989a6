using PortalApp.Gates;

namespace PortalApp.PasswordReset.Decoys;

/// <summary>
/// How a tenant's real accounts fare before the gates, counted: the page that each gets, and the domains of the addresses that codes go to.
/// A name without an account is dealt the same by the same shares (H1, H3, H4).
/// </summary>
/// <param name="Refused">Accounts by the refusal that they read; those that reach the gate are not in it.</param>
/// <param name="Gate">Accounts that reach the gate.</param>
/// <param name="Domains">Of the addresses of those that reach the gate, ordered by name.</param>
internal sealed record TenantShares(
    IReadOnlyList<(RefusalCode Code, int Accounts)> Refused,
    int Gate,
    IReadOnlyList<(string Domain, int Accounts)> Domains
)
{
    private int Total => Gate + Refused.Sum(r => r.Accounts);

    /// <param name="fraction">0 to below 1, by the name's keyed hash.</param>
    /// <returns>The refusal that the name reads, or null for the gate page.</returns>
    public RefusalCode? DrawPage(double fraction)
    {
        if (Total == 0)
        {
            return RefusalCode.TooFewMethods;
        }

        var reached = 0;
        foreach (var (code, accounts) in Refused)
        {
            reached += accounts;
            if (fraction * Total < reached)
            {
                return code;
            }
        }

        return null;
    }

    /// <summary>The mask that the gate page shows.</summary>
    public string DrawMask(double fraction)
    {
        var total = Domains.Sum(d => d.Accounts);
        var reached = 0;
        foreach (var (domain, accounts) in Domains)
        {
            reached += accounts;
            if (fraction * total < reached)
            {
                return EmailMask.OfDomain(domain);
            }
        }

        return "";
    }
}
