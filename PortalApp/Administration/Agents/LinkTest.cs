using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Relay;
using PortalApp.Writeback;

namespace PortalApp.Administration.Agents;

/// <summary>What each link of the way to a directory answered: a sealed question went over the relay to an agent, and to a controller.</summary>
/// <param name="Relay">An agent receives there.</param>
/// <param name="Agent">It opened the question and answered.</param>
/// <param name="Directory">A controller answered it.</param>
/// <param name="Reason">Why not, where the answer was no.</param>
internal sealed record TestedLinks(string Connector, bool Relay, bool Agent, bool Directory, WritebackReason? Reason);

internal sealed class LinkTest(AgentStore agents, IRelay relay, WritebackHealth health)
{
    /// <summary>Of each connector that an agent is ready for.</summary>
    public async Task<IReadOnlyList<TestedLinks>> RunAsync(TenantId tenant, CancellationToken cancellation)
    {
        var active = await agents.ActiveAsync(tenant, cancellation);
        return await Task.WhenAll(active.Connectors.Select(connector => RunAsync(tenant, connector, cancellation)));
    }

    private async Task<TestedLinks> RunAsync(TenantId tenant, string connector, CancellationToken cancellation)
    {
        var receives = await relay.HasReceiverAsync(tenant, connector);
        var answer = await health.AskAsync(tenant, connector, cancellation);
        var reason = (answer as HealthAnswer.Down)?.Reason;
        return new(connector, receives, reason != WritebackReason.NoAgent, answer is HealthAnswer.Up, reason);
    }
}
