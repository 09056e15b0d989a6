using Portal.Relay;
using PortalApp.Throttle;

namespace PortalApp.Relay.Handshakes;

/// <summary>Connections in their handshake, counted: those of anybody, and a reserve for networks in which an agent was seen.</summary>
internal sealed class HandshakePlaces(AgentNetworks agents)
{
    private readonly Pool anybody = new(RelayLimits.MaxHandshakes, RelayLimits.MaxHandshakesPerNetwork);
    private readonly Pool reserve = new(RelayLimits.ReservedHandshakes, RelayLimits.ReservedHandshakesPerNetwork);

    /// <summary>A place until it is disposed; null where there is none.</summary>
    public IDisposable? TryEnter(NetworkPrefix from) => anybody.TryEnter(from) ?? (agents.Contains(from) ? reserve.TryEnter(from) : null);

    private sealed class Pool(int places, int perNetwork)
    {
        private readonly Limit share = new("handshakes", perNetwork, RelayLimits.HandshakeDeadline);
        private readonly Dictionary<NetworkPrefix, int> byNetwork = [];
        private readonly Lock turn = new();
        private int taken;

        public Place? TryEnter(NetworkPrefix from)
        {
            lock (turn)
            {
                if (taken >= places || share.Of(from).Any(part => byNetwork.GetValueOrDefault(part.Network) >= part.Limit.Most))
                {
                    return null;
                }

                Add(from, 1);
                return new Place(this, from);
            }
        }

        public void Leave(NetworkPrefix from)
        {
            lock (turn)
            {
                Add(from, -1);
            }
        }

        private void Add(NetworkPrefix from, int change)
        {
            taken += change;
            foreach (var (_, network) in share.Of(from))
            {
                var count = byNetwork.GetValueOrDefault(network) + change;
                if (count == 0)
                {
                    byNetwork.Remove(network);
                }
                else
                {
                    byNetwork[network] = count;
                }
            }
        }
    }

    /// <summary>Given back once, however often it is disposed.</summary>
    private sealed class Place(Pool pool, NetworkPrefix from) : IDisposable
    {
        private bool left;

        public void Dispose()
        {
            if (!left)
            {
                left = true;
                pool.Leave(from);
            }
        }
    }
}
