using PortalApp.Throttle;

namespace PortalApp.Relay;

/// <summary>The networks in which an enrolled agent showed who it is; the relay keeps places for them.</summary>
internal sealed class AgentNetworks
{
    private volatile HashSet<string> networks = [];

    public bool Contains(NetworkPrefix network) => networks.Contains(network.Value);

    public void Replace(IEnumerable<string> seen) => networks = new(seen, StringComparer.Ordinal);
}
