using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using PortalApp.Audit;
using PortalApp.Data;
using IPNetwork = System.Net.IPNetwork;

namespace PortalApp.Throttle;

/// <summary>Counts a caller's connections before a byte of them is read, so that no network takes all that the server has (H20).</summary>
internal sealed class OpenConnections(
    IOptions<PortalOptions> options,
    LargeNetworks large,
    UnansweredConnections unanswered,
    Limits limits,
    LogPerMinute lines,
    ILogger<OpenConnections> logger
)
{
    private readonly NetworkPlaces places = new();

    /// <summary>Everybody comes through these; who stands behind is counted by what they send.</summary>
    private readonly IPNetwork[] proxies = [.. options.Value.TrustedProxies.Select(TrustedProxies.TryParse).OfType<IPNetwork>()];

    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var from = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (from is not null && Array.Exists(proxies, proxy => proxy.Contains(from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from)))
        {
            await next(connection);
            return;
        }

        var network = NetworkPrefix.Of(from);
        using var place = places.TryEnter(large.Of(limits.ConnectionsOfNetwork, network), network);
        var isCounted = place is not null && !large.Contains(network);
        using var waiting = isCounted ? unanswered.TryAdd(connection, network) : null;
        if (place is null || (isCounted && waiting is null))
        {
            lines.Say("connections", more => logger.TooManyConnections(network, more));
            connection.Abort();
            return;
        }

        await next(connection);
    }
}
