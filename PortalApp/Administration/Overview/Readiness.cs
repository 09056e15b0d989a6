using Portal.Tenants;
using PortalApp.Policy;

namespace PortalApp.Administration.Overview;

/// <summary>How many of a tenant's people can reset their password, and why the others cannot, the first reason of each.</summary>
/// <param name="Registered">Who hold enough methods, whether or not they may reset.</param>
internal sealed record Readiness(int Ready, int NotEnabled, int NoLicence, int TooFewMethods, int Registered)
{
    public int All => Ready + NotEnabled + NoLicence + TooFewMethods;
}

/// <summary>Counts them by the rules that a reset asks.</summary>
internal sealed class ReadinessCount(PolicyCensus census)
{
    public async Task<Readiness> OfAsync(TenantId tenant, PolicyList list, CancellationToken cancellation)
    {
        var people = (await census.CountAsync(tenant, [list], cancellation))
            .Select(alike => (Judged: alike.Under(list), alike.Count))
            .ToList();
        return new(
            CountOf<ResetEligibility.Proceed>(),
            CountOf<ResetEligibility.NotEnabled>(),
            CountOf<ResetEligibility.NoLicence>(),
            CountOf<ResetEligibility.TooFewMethods>(),
            people.Where(p => p.Judged.IsRegistered).Sum(p => p.Count)
        );

        int CountOf<T>() => people.Where(p => p.Judged.Verdict is T).Sum(p => p.Count);
    }
}
