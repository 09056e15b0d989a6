using PortalApp.Data;
using PortalApp.Relay;

namespace PortalApp.Agents;

/// <summary>Tells the relay in which networks agents were seen: before the portal listens, and then each minute.</summary>
internal sealed class AgentNetworksWatch(AgentStore agents, AgentNetworks networks, TimeProvider clock, ILogger<AgentNetworksWatch> logger)
    : Sweep(TimeSpan.FromMinutes(1), clock, logger.NetworksNotRead)
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await SweepAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task SweepAsync(CancellationToken cancellation) => networks.Replace(await agents.NetworksAsync(cancellation));
}
