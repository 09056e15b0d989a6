using System.Collections.Immutable;
using PortalApp.Policy;
using PortalApp.Users;
using PortalApp.Users.Groups;

namespace PortalApp.Helpdesk.Actions;

/// <summary>What the policy that holds for a person says of help.</summary>
internal sealed class HelpRules(PolicyStore policies, Memberships memberships)
{
    public async Task<ImmutableSortedSet<HelpRule>> OfAsync(User whom, CancellationToken cancellation)
    {
        var list = (await policies.HoldingAsync(whom.Tenant, cancellation)).List;
        return list.TermsFor(await memberships.OfAsync(whom.Tenant, whom.Id, cancellation)).Help;
    }
}
