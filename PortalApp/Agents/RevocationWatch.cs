using PortalApp.Data;
using PortalApp.Relay;

namespace PortalApp.Agents;

/// <summary>Another process may revoke an agent: its open relay connections end within seconds.</summary>
internal sealed class RevocationWatch(AgentStore agents, EmbeddedRelay relay, TimeProvider clock, ILogger<RevocationWatch> logger)
    : Sweep(TimeSpan.FromSeconds(3), clock, logger.WatchFailed)
{
    public override async Task SweepAsync(CancellationToken cancellation)
    {
        var connected = relay.ConnectedAgents;
        foreach (var id in connected.Count == 0 ? [] : await agents.RevokedAmongAsync(connected, cancellation))
        {
            relay.Disconnect(id);
        }
    }
}
