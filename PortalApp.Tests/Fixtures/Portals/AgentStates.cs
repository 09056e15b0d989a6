using Portal.Agents;
using Portal.Writeback;

namespace PortalApp.Tests.Fixtures.Portals;

/// <summary>What an agent may say of itself in a hello.</summary>
internal static class AgentStates
{
    public const string Connector = "corp.test";

    /// <summary>Serves and has filled those connectors, does every kind, and holds the tenant's key.</summary>
    public static AgentState Ready(DateTimeOffset clock, params string[] connectors) =>
        new(
            [.. connectors.Select(name => new ServedConnector(name, true, [new("dc1.corp.test", true, 0)]))],
            [.. Enum.GetValues<RequestKind>().Cast<int>()],
            [1],
            clock
        );

    public static AgentState NotFilled(this AgentState state) =>
        state with
        {
            Connectors = [.. state.Connectors.Select(connector => connector with { Filled = false })],
        };
}
