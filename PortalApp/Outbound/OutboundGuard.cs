using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using PortalApp.Data;
using IPNetwork = System.Net.IPNetwork;

namespace PortalApp.Outbound;

/// <summary>The addresses of a host.</summary>
internal delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancellation);

/// <summary>An address that a tenant set leads to where it must not.</summary>
internal sealed class OutboundRefusedException(FieldError why) : IOException(why.In(CultureInfo.InvariantCulture))
{
    public FieldError Why => why;
}

/// <summary>
/// Connects to addresses that tenants set, over TLS and to the open internet alone, unless the operator listed the host or its network. What was
/// checked is what is connected to: a name that resolves anew to something else gains nothing.
/// </summary>
internal sealed class OutboundGuard(IOptions<OutboundOptions> options, ResolveHost resolve)
{
    /// <summary>All of IPv4 that is not globally reachable (IANA special-purpose registry), multicast, and what translates to IPv6.</summary>
    private static readonly IPNetwork[] Closed4 =
    [
        .. new[]
        {
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    /// <summary>Of IPv6 only this is given out; what translates to IPv4 lies partly in it.</summary>
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] Closed6 =
    [
        .. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(text => IPNetwork.Parse(text)),
    ];

    private readonly IPNetwork[] allowed = [.. options.Value.Allowed.Select(TrustedProxies.TryParse).OfType<IPNetwork>()];

    public bool IsOpen(string host, IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return options.Value.Allowed.Contains(host, StringComparer.OrdinalIgnoreCase)
            || Array.Exists(allowed, network => network.Contains(plain))
            || (
                plain.AddressFamily == AddressFamily.InterNetwork
                    ? !Array.Exists(Closed4, network => network.Contains(plain))
                    : Global6.Contains(plain) && !Array.Exists(Closed6, network => network.Contains(plain))
            );
    }

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="OutboundRefusedException">It is not https, or one of the host's addresses is closed.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext to, CancellationToken cancellation)
    {
        var (host, port) = (to.DnsEndPoint.Host, to.DnsEndPoint.Port);
        if (to.InitialRequestMessage.RequestUri?.Scheme != Uri.UriSchemeHttps)
        {
            throw new OutboundRefusedException(new("", Fault.NotHttps, host));
        }

        var addresses = await resolve(host, cancellation);
        if (Array.Find(addresses, address => !IsOpen(host, address)) is { } closed)
        {
            throw new OutboundRefusedException(new("", Fault.InsideNetwork, host, closed));
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
