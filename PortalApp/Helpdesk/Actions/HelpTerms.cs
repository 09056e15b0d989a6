using PortalApp.Policy;
using PortalApp.Users;
using PortalApp.Users.Groups;

namespace PortalApp.Helpdesk.Actions;

/// <summary>The policy that holds for a person.</summary>
internal sealed class HelpTerms(PolicyStore policies, Memberships memberships)
{
    public async Task<PolicyTerms> OfAsync(User whom, CancellationToken cancellation)
    {
        var list = (await policies.HoldingAsync(whom.Tenant, cancellation)).List;
        return list.TermsFor(await memberships.OfAsync(whom.Tenant, whom.Id, cancellation));
    }
}
