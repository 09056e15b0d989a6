using Portal.Relay;

namespace PortalApp.Relay;

/// <summary>The connections of all agents, counted for each agent, each tenant and in all; the one beyond is refused.</summary>
internal sealed class RelayConnections
{
    private readonly Lock gate = new();
    private readonly HashSet<RelayTransport> open = [];

    public IReadOnlyCollection<string> Agents
    {
        get
        {
            lock (gate)
            {
                return [.. open.Select(t => t.Identity.AgentId).Distinct()];
            }
        }
    }

    public bool TryAdd(RelayTransport transport)
    {
        lock (gate)
        {
            var identity = transport.Identity;
            return open.Count < RelayLimits.MaxConnections
                && open.Count(t => t.Identity.AgentId == identity.AgentId) < RelayLimits.MaxConnectionsPerAgent
                && open.Count(t => t.Identity.Tenant == identity.Tenant) < RelayLimits.MaxConnectionsPerTenant
                && open.Add(transport);
        }
    }

    public void Remove(RelayTransport transport)
    {
        lock (gate)
        {
            open.Remove(transport);
        }
    }

    public void Close(string agentId) => Array.ForEach(Where(t => t.Identity.AgentId == agentId), t => t.Close());

    public void CloseAll() => Array.ForEach(Where(_ => true), t => t.Close());

    private RelayTransport[] Where(Func<RelayTransport, bool> condition)
    {
        lock (gate)
        {
            return [.. open.Where(condition)];
        }
    }
}
