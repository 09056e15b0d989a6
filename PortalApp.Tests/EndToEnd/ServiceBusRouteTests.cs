using System.Globalization;
using Agent.Status;
using Portal.Relay;
using Portal.Tenants;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.Relay.ServiceBus;

namespace PortalApp.Tests.EndToEnd;

/// <summary>The agent's way to a Service Bus as organisations have it: TLS by an authority that the machine trusts, and a proxy as the only way out.</summary>
[Collection(WorldCollection.Name)]
public sealed class ServiceBusRouteTests(World world)
{
    private const string Host = "corp.servicebus.test";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Case", "H67")]
    public async Task Through_a_proxy_the_agent_serves_at_a_service_that_the_machine_trusts_and_says_when_it_does_not()
    {
        var certificates = world.Portal.Certificates;
        var folder = Path.Combine(world.Portal.Folder, "service-bus");
        await using var service = await StandInServiceBus.StartAsync(tls: certificates.Issue(folder, "bus", [Host], []));
        await using var proxy = new ConnectProxy(new Dictionary<string, int> { [$"{Host}:443"] = service.Port });
        var tenant = await NewTenantAsync();
        await using var strange = NewAgent("strange", new() { ["HTTPS_PROXY"] = proxy.Address });
        await EnrolAsync(strange, tenant);
        await service.TakeInAsync(world.Portal.OperateAsync, strange, tenant, Host);

        await strange.LaunchAsync();
        await Eventually.TrueAsync(
            () => Problem(strange).Contains($"The certificate of {Host} is not trusted", StringComparison.Ordinal),
            Patience,
            "the agent to say that the service is not trusted",
            Cancellation
        );
        await strange.DisposeAsync();
        await using var agent = NewAgent(
            "strange",
            new() { ["HTTPS_PROXY"] = proxy.Address, ["SSL_CERT_FILE"] = certificates.AuthorityFile }
        );
        await agent.StartAsync(Cancellation);

        Assert.Equal([$"CONNECT {Host}:443"], proxy.Asked.Distinct());
        var queue = service.AddQueue(RelayAddress.Of(tenant, AgentStates.Connector));
        Assert.True(queue.TryAdd(StandInQueue.Junk()));
        await Eventually.TrueAsync(
            async () => (await AuditAsync(tenant)).Contains("32010", StringComparison.Ordinal),
            Patience,
            "the alarm of what came through the proxy",
            Cancellation
        );
        Assert.Equal(0, queue.Length);
    }

    private static string Problem(AgentProcess agent) => StatusFile.Problem(agent.DataDirectory, TimeProvider.System.GetUtcNow()) ?? "";

    private Task<string> AuditAsync(TenantId tenant) => world.Portal.OperateAsync("audit", "list", "--tenant", tenant.ToString());

    private async Task<TenantId> NewTenantAsync() =>
        new(
            int.Parse(
                await world.Portal.OperateAsync("tenant", "add", "Routed", "--helpdesk-phone", World.HelpdeskPhone),
                CultureInfo.InvariantCulture
            )
        );

    private AgentProcess NewAgent(string name, Dictionary<string, string> environment) =>
        new(Path.Combine(world.Portal.Folder, "agents", name), Path.Combine(world.Portal.Folder, $"{name}.log"), environment: environment);

    private async Task EnrolAsync(AgentProcess agent, TenantId tenant)
    {
        await agent.ConfigureAsync(
            new AgentSetup(world.Portal.Address, world.Forest)
            {
                BindName = TenantPlan.Other.BindName,
                Scopes = [TenantPlan.Other.ScopeDn],
            },
            Cancellation
        );
        await agent.EnrolAsync(
            world.Portal.Address,
            await world.Portal.OperateAsync("agent", "code", "--tenant", tenant.ToString()),
            Cancellation
        );
    }
}
