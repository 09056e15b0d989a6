using Portal.Agents;
using Portal.Relay.Envelopes;
using Portal.Writeback;

namespace PortalApp.Agents;

/// <summary>A tenant's agents that are not revoked, by their valid encryption keys, with what they said of themselves last; who said hello last comes first.</summary>
internal sealed class ActiveAgents(IReadOnlyList<(AgentKey Key, AgentState? State)> agents)
{
    /// <summary>As many as fit into one message of the relay.</summary>
    public const int MostRecipients = 16;

    public bool IsEmpty => agents.Count == 0;

    /// <summary>For which somebody is ready.</summary>
    public IReadOnlyList<string> Connectors =>
        [.. agents.SelectMany(agent => ReadyConnectors(agent.State)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Somebody serves that connector and has filled its connector space.</summary>
    public bool IsReady(string connector) => agents.Any(agent => ReadyConnectors(agent.State).Contains(connector));

    /// <summary>For whom a request of that kind about a connector's account is sealed: those who are ready for it and do that kind.</summary>
    public IReadOnlyList<EnvelopeRecipient> RecipientsOf(string connector, RequestKind kind) =>
        [.. Recipients(connector, kind).Select(agent => new EnvelopeRecipient(agent.Key.Kid, AgentKeyReader.Read(agent.Key)))];

    /// <summary>The generations of the tenant's keys that all of those recipients hold.</summary>
    public IReadOnlyCollection<int> TenantKeysOf(string connector, RequestKind kind) =>
        Recipients(connector, kind)
            .Select(agent => agent.State!.TenantKeys.AsEnumerable())
            .Aggregate((all, held) => all.Intersect(held))
            .ToHashSet();

    private IEnumerable<(AgentKey Key, AgentState? State)> Recipients(string connector, RequestKind kind) =>
        agents
            .Where(agent => ReadyConnectors(agent.State).Contains(connector) && agent.State!.Kinds.Contains((int)kind))
            .Take(MostRecipients);

    private static IEnumerable<string> ReadyConnectors(AgentState? state) =>
        (state?.Connectors ?? []).Where(connector => connector.Filled).Select(connector => connector.Name);
}
