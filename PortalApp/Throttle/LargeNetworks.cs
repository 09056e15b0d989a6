using Microsoft.Extensions.Options;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Tenants;
using IPNetwork = System.Net.IPNetwork;

namespace PortalApp.Throttle;

/// <summary>Networks that the operator named because many people stand behind each: an office, a carrier's gateway. Each has the share of ten.</summary>
internal sealed class LargeNetworks(IOptions<PortalOptions> options, TenantStore tenants)
{
    public const int Share = 10;
    private readonly IPNetwork[] named = [.. options.Value.LargeNetworks.Select(n => TrustedProxies.TryParse(n)!.Value)];

    public bool Contains(NetworkPrefix network) => IsIn(network, named);

    /// <summary>As much as this network may take of it.</summary>
    public Limit Of(Limit limit, NetworkPrefix network) => IsIn(network, named) ? limit with { Most = limit.Most * Share } : limit;

    /// <summary>
    /// The same of what the people of a tenant take. Its own offices have a count apart: what it names gives it nothing of what others share.
    /// </summary>
    public async Task<Limit> OfAsync(Limit limit, NetworkPrefix network, TenantId? tenant, CancellationToken cancellation) =>
        tenant is { } id
        && !IsIn(network, named)
        && (await tenants.FindAsync(id, cancellation))?.Networks is { } offices
        && IsIn(network, [.. TenantChange.Parts(offices).Select(TrustedProxies.TryParse).OfType<IPNetwork>()])
            ? limit with
            {
                Name = $"{limit.Name}/{id}",
                Most = limit.Most * Share,
            }
            : Of(limit, network);

    /// <summary>An office with a few addresses of a /24 names them, and all of that /24 is counted as one.</summary>
    private static bool IsIn(NetworkPrefix network, IPNetwork[] offices) =>
        IPNetwork.TryParse(network.Value, out var counted)
        && offices.Any(n => n.Contains(counted.BaseAddress) || counted.Contains(n.BaseAddress));
}
