using Portal.Relay;
using Portal.Tenants;

namespace PortalApp.Relay.Handshakes;

/// <summary>Who is connected, counted: connections in all, of a tenant and of an agent.</summary>
internal sealed class ConnectionCount
{
    private readonly Lock turn = new();
    private readonly Dictionary<TenantId, int> byTenant = [];
    private readonly Dictionary<string, int> byAgent = new(StringComparer.Ordinal);
    private int all;

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
