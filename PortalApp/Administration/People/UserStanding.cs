using Portal.Tenants;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.Policy;
using PortalApp.Tenants;
using PortalApp.Throttle.Failures;
using PortalApp.Users;
using PortalApp.Users.Groups;

namespace PortalApp.Administration.People;

/// <summary>How a person stands at this moment, by the very rules that a reset asks.</summary>
/// <param name="Methods">Those of the policy.</param>
/// <param name="Held">What they have, among the methods of the policy; masked.</param>
internal sealed record Standing(
    User User,
    ResetEligibility Eligibility,
    IReadOnlyList<GateMethod> Methods,
    GateProfile Held,
    int GatesRequired,
    bool IsLimited,
    PasswordManagement? LivesIn
);

/// <summary>Works out whether people can reset their password now, and why not.</summary>
internal sealed class UserStanding(
    PolicyStore policies,
    GateProfiles profiles,
    Memberships memberships,
    FailureStore failures,
    CodeLimits codes,
    TenantStore tenants
)
{
    public async Task<Standing> OfAsync(User user, CancellationToken cancellation) =>
        (await OfAsync(user.Tenant, [user], cancellation))[0] with
        {
            IsLimited =
                await failures.IsUsedUpByStrangersAsync(user.Tenant, user.Id, cancellation)
                || await codes.AreUsedUpByStrangersAsync(user.Tenant, user.Id, cancellation),
        };

    /// <summary>Of people of one tenant, in their order; without limits.</summary>
    public async Task<IReadOnlyList<Standing>> OfAsync(TenantId tenant, IReadOnlyList<User> users, CancellationToken cancellation) =>
        await OfAsync(users, (await policies.HoldingAsync(tenant, cancellation)).List, cancellation);

    /// <summary>As it would be under these policies.</summary>
    public async Task<IReadOnlyList<Standing>> OfAsync(IReadOnlyList<User> users, PolicyList list, CancellationToken cancellation)
    {
        var held = await profiles.OfAsync([.. users.Select(u => GatePerson.Of(u.Tenant, u.Id, u))], cancellation);
        var groups = users.Count == 0 ? null : await memberships.OfAsync(users[0].Tenant, [.. users.Select(u => u.Id)], cancellation);
        var homes = new Dictionary<string, PasswordManagement?>();
        foreach (var domain in users.Select(u => u.Domain).Distinct())
        {
            homes[domain] = (await tenants.FindByDomainAsync(domain, cancellation))?.Domain.PasswordManagement;
        }

        return
        [
            .. users.Select(user =>
            {
                var terms = list.For(groups![user.Id]);
                var among = held[user.Id].Among(terms.Methods);
                return new Standing(
                    user,
                    ResetEligibility.Of(user, among, terms),
                    [.. terms.Methods.Order()],
                    among.Usable,
                    among.GatesOf(terms.Gates),
                    IsLimited: false,
                    homes[user.Domain]
                );
            }),
        ];
    }
}
