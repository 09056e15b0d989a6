using System.Text.Json.Serialization;
using Portal.Writeback;

namespace Portal.Agents;

/// <summary>Said at the agent's start, on a change, and each minute.</summary>
/// <param name="State">Null of an agent that is older than it: it serves nobody until it says whom.</param>
public sealed record HelloRequest(
    string Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AgentState? State = null
);

/// <summary>How an agent is.</summary>
/// <param name="Kinds">The numbers of the <see cref="RequestKind"/>s that it does; some may be newer than the reader.</param>
/// <param name="TenantKeys">The generations of the tenant's keys that it holds.</param>
/// <param name="Clock">Its own, when it said this.</param>
public sealed record AgentState(
    IReadOnlyList<ServedConnector> Connectors,
    IReadOnlyList<int> Kinds,
    IReadOnlyList<int> TenantKeys,
    DateTimeOffset Clock
);

/// <summary>A directory that an agent serves.</summary>
/// <param name="Filled">
/// A full import of it and the export to the portal are done, some time: from then on "not found" is a word about the directory. Before, the
/// agent takes no request for it.
/// </param>
public sealed record ServedConnector(string Name, bool Filled, IReadOnlyList<ControllerState> Controllers);

/// <param name="ClockAhead">Its clock minus the agent's, in whole seconds; null where it does not answer.</param>
public sealed record ControllerState(string Server, bool Answers, int? ClockAhead);

/// <param name="TenantKeys">All that are valid; none where the agent holds just those.</param>
/// <param name="Relay">Null of a portal that is older than it.</param>
public sealed record HelloResponse(
    int Tenant,
    IReadOnlyList<SealedTenantKey> TenantKeys,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RelayPlace? Relay = null
);

/// <summary>Where an agent's requests come to.</summary>
/// <param name="Address">Of the relay: its scheme says what kind of relay it is (<c>wss</c>: AMQP over WebSocket).</param>
/// <param name="Connectors">One for each connector that the hello named.</param>
public sealed record RelayPlace(string Address, IReadOnlyList<ConnectorAddress> Connectors);

/// <param name="Address">The tenant's own address at the relay for that connector.</param>
public sealed record ConnectorAddress(string Connector, string Address);
