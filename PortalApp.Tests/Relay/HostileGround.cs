using System.Security.Cryptography;
using Agent.Enrolment;
using Agent.Relay;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Agents;
using Portal.Relay.Envelopes;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.Writeback;

namespace PortalApp.Tests.Relay;

/// <summary>
/// A relay of either kind with a whole agent behind it, from its receiver to a real directory: what anybody lays into the tenant's queue is opened
/// and carried out as the product does it. The portal's word on it is the test's.
/// </summary>
internal sealed class HostileGround : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Forest forest;
    private readonly TenantKey tenantKey = new(3, RandomNumberGenerator.GetBytes(32));
    private readonly ECDiffieHellman encryption = Forge.NewKey();
    private AgentUnderTest agent = null!;
    private FreezableLink link = null!;
    private CancellationTokenSource running = new();
    private Task receiving = Task.CompletedTask;
    private int deliveries;

    private HostileGround(RelayUnderTest relay, TenantId tenant, Forest forest) => (Relay, Tenant, this.forest) = (relay, tenant, forest);

    public RelayUnderTest Relay { get; }

    public TenantId Tenant { get; }

    /// <summary>As the agent sees it.</summary>
    public AgentPortal Portal { get; } = new();

    public ForestAccount Account { get; private set; } = null!;

    public CloudAnchor Anchor { get; private set; }

    public uint Writes => forest.Admin.WriteCount(Account.Dn);

    /// <param name="account">The given name of somebody who is added for this test.</param>
    public static async Task<HostileGround> StartAsync(RelayKind kind, ForestFixture forests, string account)
    {
        var relay = await RelayUnderTest.StartAsync(kind);
        var ground = new HostileGround(relay, await relay.NewTenantAsync(), await forests.StartedAsync())
        {
            Account = ForestPopulation.User with { Given = account, Surname = $"{kind}" },
        };
        ground.forest.Admin.AddAccount(ground.Account);
        await ground.StartAgentAsync();
        return ground;
    }

    /// <summary>With the tenant's keys in the hands of whoever writes as they like; left alone it writes what the portal would.</summary>
    public Forge NewForge(TimeSpan? age = null) =>
        new()
        {
            Tenant = Tenant,
            TenantKey = tenantKey,
            Agent = encryption,
            Issued = TimeProvider.System.GetUtcNow() - (age ?? TimeSpan.Zero),
        };

    public WritebackRequest.Reset Reset(Forge forge, string password) =>
        new(forge.Header, Anchor, global::Portal.Policy.NewPassword.TryCreate(password)!);

    public Task LayAsync(RequestId id, byte[] body) => LayAsync(Tenant, id, body);

    public async Task LayAsync(TenantId tenant, RequestId id, byte[] body) =>
        Assert.True(await Relay.Relay.SendAsync(tenant, RelayUnderTest.Connector, id, body, TimeSpan.FromMinutes(4)));

    /// <summary>The agent is done with all that was laid, and nothing of it stays anywhere at the relay.</summary>
    public Task DoneAsync() =>
        Eventually.TrueAsync(
            () => Relay.LengthOf(Tenant) == 0,
            Patience,
            "the agent to be done with all",
            TestContext.Current.CancellationToken
        );

    public Task AlarmedAsync(AlarmKind kind) =>
        Eventually.TrueAsync(
            () => Portal.Alarms.Any(alarm => alarm.Kind == kind),
            Patience,
            $"the alarm {kind}",
            TestContext.Current.CancellationToken
        );

    public Task EndedAsync(RequestId id) =>
        Eventually.TrueAsync(() => Portal.OutcomeOf(id) is not null, Patience, "the outcome", TestContext.Current.CancellationToken);

    public bool Opens(string password) => forest.Admin.Bind(Account.Upn, password).Accepted;

    /// <summary>The agent's connection is gone, and with it, or a lock later, its hold on what it has in work. It comes back, and so does that.</summary>
    public Task LoseAsync()
    {
        var before = deliveries;
        link.Cut();
        return Eventually.TrueAsync(
            () =>
            {
                Relay.Clock.Advance(TimeSpan.FromSeconds(1));
                return deliveries > before;
            },
            Patience,
            "the same request again",
            TestContext.Current.CancellationToken
        );
    }

    /// <param name="losesJournal">With a folder of its own, as after a disk that was replaced.</param>
    public async Task RestartAgentAsync(bool losesJournal)
    {
        await StopAgentAsync();
        await StartAgentAsync(losesJournal ? null : agent.Folder);
    }

    public async Task StopAgentAsync()
    {
        await running.CancelAsync();
        await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await agent.DisposeAsync();
        await link.DisposeAsync();
        running.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAgentAsync();
        await Relay.DisposeAsync();
        Portal.Dispose();
        encryption.Dispose();
    }

    public async Task StartAgentAsync(string? folder = null)
    {
        agent = new(new AgentSetup("https://portal.test", forest), Portal, folder);
        Anchor = agent.Link(Account.Dn);
        var identity = new AgentIdentity(
            "agent-1",
            Tenant,
            "https://portal.test",
            ECDsa.Create(ECCurve.NamedCurves.nistP256),
            encryption,
            "secret"
        );
        Directory.CreateDirectory(Path.Combine(agent.Folder, "keys"));
        var ring = new TenantKeyRing(identity, new IdentityStore(agent.Folder), NullLogger<TenantKeyRing>.Instance);
        var sealedKey = EnvelopeKeys.SealTenantKey(tenantKey, encryption.ExportParameters(includePrivateParameters: false));
        ring.Update(new HelloResponse(Tenant.Value, [new(tenantKey.Generation, sealedKey)]));
        var intake = new RequestIntake(ring, agent.Handler, agent.Client, TimeProvider.System, NullLogger<RequestIntake>.Instance);
        var end = Relay.NewEnd(Tenant);
        var entered = new TaskCompletionSource();
        (link, running) = (end.Link, new());
        receiving = ReceiveAsync(end, intake, entered, running.Token);
        await await Task.WhenAny(entered.Task, receiving);
    }

    private async Task ReceiveAsync(AgentEnd end, RequestIntake intake, TaskCompletionSource entered, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await end.Source.ReceiveAsync(end.Place, () => entered.TrySetResult(), TakeAsync, cancellation);
        }

        Task TakeAsync(RelayDelivery delivery)
        {
            Interlocked.Increment(ref deliveries);
            return intake.TakeAsync(delivery);
        }
    }
}
