using System.Security.Cryptography;
using Agent;
using Agent.Enrolment;
using Agent.Relay;
using Agent.Relay.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portal.Agents;
using Portal.Relay;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Relay;
using PortalApp.Relay.ServiceBus;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Relay.ServiceBus;

namespace PortalApp.Tests.Relay;

public enum RelayKind
{
    Embedded,
    ServiceBus,
}

/// <summary>A relay of either kind with both its ends as the product has them, a clock that the test moves, and tenants of one connector.</summary>
internal abstract class RelayUnderTest : IAsyncDisposable
{
    public const string Connector = "corp.test";

    /// <summary>A relay that lends its messages gives them to another after that; one that sees a connection go does so at once.</summary>
    public static readonly TimeSpan LongestLock = StandInQueue.LockFor + TimeSpan.FromSeconds(1);

    public abstract IRelay Relay { get; }

    public abstract FakeTimeProvider Clock { get; }

    /// <summary>Messages that the relay holds for a tenant, wherever.</summary>
    public abstract int LengthOf(TenantId tenant);

    public static async Task<RelayUnderTest> StartAsync(RelayKind kind) =>
        kind is RelayKind.Embedded ? await EmbeddedUnderTest.StartAsync() : await ServiceBusUnderTest.StartAsync();

    public abstract Task<TenantId> NewTenantAsync();

    /// <param name="at">Whose address it tries; its own tenant's where nothing is said.</param>
    public ContractAgent NewAgent(TenantId tenant, TenantId? at = null)
    {
        var end = NewEnd(tenant, at);
        return ContractAgent.Start(end.Source, end.Place, end.Link);
    }

    public abstract AgentEnd NewEnd(TenantId tenant, TenantId? at = null);

    /// <summary>The next message of an agent's. What was handed to a connection that is gone stays locked for a while.</summary>
    public async Task<Taken> AfterLocksAsync(ContractAgent agent)
    {
        var next = agent.NextAsync();
        await Eventually.TrueAsync(
            () =>
            {
                Clock.Advance(TimeSpan.FromSeconds(0.5));
                return next.IsCompleted;
            },
            TimeSpan.FromSeconds(30),
            "the message",
            TestContext.Current.CancellationToken
        );
        return await next;
    }

    /// <summary>The tenants' agents are let in no more, and those who are there are cut off.</summary>
    public abstract void RevokeAll();

    public abstract ValueTask DisposeAsync();

    protected static IReadOnlyList<ConnectorAddress> AddressesOf(TenantId tenant) =>
        [new(Connector, RelayAddress.Of(tenant, Connector).Value)];
}

/// <param name="Link">The agent's way to the relay.</param>
internal sealed record AgentEnd(IRequestSource Source, RelayPlace Place, FreezableLink Link);

internal sealed class EmbeddedUnderTest(RelayServer server, FakeTimeProvider clock) : RelayUnderTest
{
    private readonly List<TestEndpoint> agents = [];

    public override IRelay Relay => server.Relay;

    public override FakeTimeProvider Clock => clock;

    public static async Task<EmbeddedUnderTest> StartAsync()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        return new(await RelayServer.StartAsync(clock), clock);
    }

    public override int LengthOf(TenantId tenant) => server.LengthOf(tenant);

    public override Task<TenantId> NewTenantAsync() => Task.FromResult(server.NewTenant());

    public override AgentEnd NewEnd(TenantId tenant, TenantId? at = null)
    {
        var link = new FreezableLink(server.Port);
        var agent = server.NewAgent(tenant, link.Port);
        agents.Add(agent);
        var identity = new AgentIdentity(
            agent.User,
            tenant,
            "https://localhost",
            ECDsa.Create(ECCurve.NamedCurves.nistP256),
            ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256),
            agent.Secret
        );
        var source = new AmqpRequestSource(
            identity,
            new AgentOptions { PortalCa = server.AuthorityFile },
            TimeProvider.System,
            NullLogger<AmqpRequestSource>.Instance
        );
        return new(source, new(agent.Address.AbsoluteUri, AddressesOf(at ?? tenant)), link);
    }

    public override void RevokeAll() => agents.ForEach(server.Revoke);

    public override ValueTask DisposeAsync() => server.DisposeAsync();
}

internal sealed class ServiceBusUnderTest(PortalHost portal, StandInServiceBus service) : RelayUnderTest
{
    private int numbers;

    public PortalHost Portal => portal;

    public StandInServiceBus Service => service;

    public override IRelay Relay => portal.Services.GetRequiredService<IRelay>();

    public override FakeTimeProvider Clock => portal.Clock;

    public static async Task<ServiceBusUnderTest> StartAsync()
    {
        var portal = await PortalHost.StartAsync();
        return new(portal, await StandInServiceBus.StartAsync(portal.Clock));
    }

    public StandInQueue QueueOf(TenantId tenant) => service.AddQueue(RelayAddress.Of(tenant, Connector));

    public override int LengthOf(TenantId tenant) => QueueOf(tenant).Length + QueueOf(tenant).DeadLetters.Count;

    public override async Task<TenantId> NewTenantAsync()
    {
        var tenant = await portal.AddTenantAsync($"corp{Interlocked.Increment(ref numbers)}.test");
        var key = service.AddPolicy(sends: true, queue: RelayAddress.Of(tenant, Connector).Value);
        QueueOf(tenant);
        await SetAsync(tenant, key);
        return tenant;
    }

    public Task<ChangeOutcome<Uri>> SetAsync(TenantId tenant, string connection) =>
        portal.Services.ChangeAsync(db =>
            portal.Services.GetRequiredService<ServiceBusStore>().SetAsync(db, tenant, connection, TenantSetup.By, default)
        );

    public override AgentEnd NewEnd(TenantId tenant, TenantId? at = null)
    {
        var link = new FreezableLink(service.Port);
        var key = service.AddPolicy(listens: true, queue: RelayAddress.Of(tenant, Connector).Value, port: link.Port, named: at is null);
        var file = Path.Combine(portal.Folder, $"agent-{Interlocked.Increment(ref numbers)}.key");
        File.WriteAllText(file, key);
        var source = new ServiceBusRequestSource(
            new AgentOptions { ServiceBusFile = file },
            TimeProvider.System,
            NullLogger<ServiceBusRequestSource>.Instance
        );
        return new(source, new($"sb://127.0.0.1:{link.Port}/", AddressesOf(at ?? tenant)), link);
    }

    public override void RevokeAll() => service.WithdrawKeys();

    public override async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await service.DisposeAsync();
    }
}
