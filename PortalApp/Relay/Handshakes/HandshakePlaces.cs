using Portal.Relay;
using PortalApp.Throttle;

namespace PortalApp.Relay.Handshakes;

/// <summary>Connections in their handshake, counted: those of anybody, and a reserve for networks in which an agent was seen.</summary>
internal sealed class HandshakePlaces(AgentNetworks agents)
{
    private readonly NetworkPlaces anybody = new(RelayLimits.MaxHandshakes);
    private readonly Limit share = Share(RelayLimits.MaxHandshakesPerNetwork);
    private readonly NetworkPlaces reserve = new(RelayLimits.ReservedHandshakes);
    private readonly Limit shareOfReserve = Share(RelayLimits.ReservedHandshakesPerNetwork);

    /// <summary>A place until it is disposed; null where there is none.</summary>
    public IDisposable? TryEnter(NetworkPrefix from) =>
        anybody.TryEnter(share, from) ?? (agents.Contains(from) ? reserve.TryEnter(shareOfReserve, from) : null);

    private static Limit Share(int perNetwork) => new("handshakes", perNetwork, RelayLimits.HandshakeDeadline);
}
