using Portal.Relay;
using Portal.Tenants;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Relay.ServiceBus;

internal static class StandInTenant
{
    /// <summary>A tenant moves there, as docs/service-bus.md says; its agent is to be started (again) afterwards.</summary>
    /// <param name="host">As the keys name the service; null for this machine, without TLS.</param>
    public static async Task TakeInAsync(
        this StandInServiceBus service,
        Func<string[], Task> operate,
        AgentProcess agent,
        TenantId tenant,
        string? host = null
    )
    {
        var queue = RelayAddress.Of(tenant, AgentStates.Connector);
        service.AddQueue(queue);
        var (listen, send) = (Path.Combine(agent.DataDirectory, "service-bus.key"), Path.Combine(agent.DataDirectory, "send.key"));
        await File.WriteAllTextAsync(listen, service.AddPolicy(listens: true, queue: queue.Value, host: host));
        await File.WriteAllTextAsync(send, service.AddPolicy(sends: true, host: host));
        await agent.WriteAsync("serviceBusFile", listen);
        await operate(["tenant", "relay", "--tenant", tenant.ToString(), "--service-bus-file", send]);
        File.Delete(send);
    }
}
