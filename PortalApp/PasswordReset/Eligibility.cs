using PortalApp.Gates;
using PortalApp.Policy;
using PortalApp.Users;

namespace PortalApp.PasswordReset;

/// <summary>Judges a user by the portal's own data: the same for a person who begins, one who finishes, and one who is only counted.</summary>
internal sealed class Eligibility(IEnumerable<IGate> gates)
{
    /// <param name="user">Null for a decoy, which has every method.</param>
    public ResetEligibility Of(User? user, PolicyTerms policy)
    {
        var contacts = user?.ToContactData();
        return ResetEligibility.Of(
            // Nobody's groups are known to the portal yet.
            policy.ForWhom.Admits([]) && user is not { ResetEnabled: false },
            user is not { Licensed: false },
            policy.Gates,
            gates.Where(g => policy.Methods.Contains(g.Method) && (contacts is null || g.IsUsable(contacts))).Select(g => g.Method)
        );
    }
}
