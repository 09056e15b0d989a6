using Portal.Relay;
using Portal.Tenants;
using PortalApp.Throttle;

namespace PortalApp.Relay.Handshakes;

/// <summary>Who is connected, counted: strangers in their handshake, connections in all, of a tenant and of an agent.</summary>
internal sealed class ConnectionCount
{
    private readonly Lock turn = new();
    private readonly Dictionary<TenantId, int> byTenant = [];
    private readonly Dictionary<string, int> byAgent = new(StringComparer.Ordinal);
    private readonly Dictionary<NetworkPrefix, int> byNetwork = [];
    private int handshakes;
    private int all;

    public bool TryEnterHandshake(NetworkPrefix from)
    {
        lock (turn)
        {
            if (handshakes >= RelayLimits.MaxHandshakes || byNetwork.GetValueOrDefault(from) >= RelayLimits.MaxHandshakesPerNetwork)
            {
                return false;
            }

            handshakes++;
            Add(byNetwork, from, 1);
            return true;
        }
    }

    public void LeaveHandshake(NetworkPrefix from)
    {
        lock (turn)
        {
            handshakes--;
            Add(byNetwork, from, -1);
        }
    }

    public bool TryEnter(RelayIdentity who)
    {
        lock (turn)
        {
            if (
                all >= RelayLimits.MaxConnections
                || byTenant.GetValueOrDefault(who.Tenant) >= RelayLimits.MaxConnectionsPerTenant
                || byAgent.GetValueOrDefault(who.AgentId) >= RelayLimits.MaxConnectionsPerAgent
            )
            {
                return false;
            }

            all++;
            Add(byTenant, who.Tenant, 1);
            Add(byAgent, who.AgentId, 1);
            return true;
        }
    }

    public void Leave(RelayIdentity who)
    {
        lock (turn)
        {
            all--;
            Add(byTenant, who.Tenant, -1);
            Add(byAgent, who.AgentId, -1);
        }
    }

    private static void Add<TKey>(Dictionary<TKey, int> counts, TKey key, int change)
        where TKey : notnull
    {
        var count = counts.GetValueOrDefault(key) + change;
        if (count == 0)
        {
            counts.Remove(key);
        }
        else
        {
            counts[key] = count;
        }
    }
}
