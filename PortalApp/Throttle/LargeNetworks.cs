using System.Net;
using Microsoft.Extensions.Options;
using PortalApp.Data;

namespace PortalApp.Throttle;

/// <summary>Networks that the operator named because many people stand behind each: an office, a carrier's gateway. Each has the share of ten.</summary>
internal sealed class LargeNetworks(IOptions<PortalOptions> options)
{
    public const int Share = 10;
    private readonly IPNetwork[] named = [.. options.Value.LargeNetworks.Select(n => TrustedProxies.TryParse(n)!.Value)];

    /// <summary>As much as this network may take of it.</summary>
    public Limit Of(Limit limit, NetworkPrefix network) => IsNamed(network) ? limit with { Most = limit.Most * Share } : limit;

    /// <summary>An office with a few addresses of a /24 names them, and all of that /24 is counted as one.</summary>
    private bool IsNamed(NetworkPrefix network) =>
        IPNetwork.TryParse(network.Value, out var counted)
        && named.Any(n => n.Contains(counted.BaseAddress) || counted.Contains(n.BaseAddress));
}
