using System.Collections.Concurrent;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Passwords;

/// <summary>Which connectors hold a domain's people; looked up at most once a minute.</summary>
internal sealed class DomainConnectors(UserStore users, TimeProvider clock)
{
    private static readonly TimeSpan Held = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(TenantId, string), (long At, IReadOnlyList<string> Connectors)> known = [];

    /// <summary>None before the first synchronisation.</summary>
    public async Task<IReadOnlyList<string>> OfAsync(Domain domain, CancellationToken cancellation)
    {
        var of = (domain.Tenant, domain.Name);
        if (known.TryGetValue(of, out var held) && clock.GetElapsedTime(held.At) < Held)
        {
            return held.Connectors;
        }

        var connectors = await users.ConnectorsOfAsync(domain.Tenant, domain.Name, cancellation);
        known[of] = (clock.GetTimestamp(), connectors);
        return connectors;
    }
}
