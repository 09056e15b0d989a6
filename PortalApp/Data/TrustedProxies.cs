using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace PortalApp.Data;

/// <summary>
/// Reverse proxies that the operator named. Of what <c>X-Forwarded-For</c> says, the nearest hop that is none of them is the caller: what stands
/// further to the left, anybody can write (H13).
/// </summary>
internal static class TrustedProxies
{
    /// <summary>Null for what is no address or network, and for the network of everybody.</summary>
    public static IPNetwork? TryParse(string text) =>
        IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(text, out var network) && network.PrefixLength > 0 ? network
        : null;

    /// <summary>First of all: whoever looks at the caller's address after it sees the caller's.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        var named = app.Services.GetRequiredService<IOptions<PortalOptions>>().Value.TrustedProxies;
        if (named.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        named.Select(TryParse).OfType<IPNetwork>().ToList().ForEach(options.KnownIPNetworks.Add);
        app.UseForwardedHeaders(options);
    }
}
