using PortalApp.Gates;
using PortalApp.Users;

namespace PortalApp.PasswordReset;

/// <summary>Judges a user by the portal's own data: the same for a person who begins, one who finishes, and one who is only counted.</summary>
internal sealed class Eligibility(IEnumerable<IGate> gates)
{
    public ResetEligibility Of(User user, int gatesRequired)
    {
        var contacts = user.ToContactData();
        return ResetEligibility.Of(
            user.Enabled,
            user.Licensed,
            gatesRequired,
            gates.Where(g => g.IsUsable(contacts)).Select(g => g.Method)
        );
    }
}
