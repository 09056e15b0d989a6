using Portal.Agents;
using Portal.Relay.Envelopes;
using Portal.Writeback;

namespace PortalApp.Agents;

/// <summary>An agent that is not revoked: a valid encryption key of it, and what it said of itself last.</summary>
internal sealed class ActiveAgent(AgentKey key, AgentState? state)
{
    /// <summary>What is sealed for it.</summary>
    public EnvelopeRecipient Recipient => new(key.Kid, AgentKeyReader.Read(key));

    /// <summary>The connectors that it serves and whose connector space it has filled.</summary>
    public IEnumerable<string> ReadyConnectors => (state?.Connectors ?? []).Where(c => c.Filled).Select(c => c.Name);

    public bool Does(RequestKind kind) => state?.Kinds.Contains((int)kind) is true;
}
