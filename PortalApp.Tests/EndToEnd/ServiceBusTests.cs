using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Relay;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Relay;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Relay.ServiceBus;
using PortalApp.Users;
using PortalApp.Writeback;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.EndToEnd;

/// <summary>One for all of a class: a tenant that leaves a Service Bus may come back to it at once, and to no other.</summary>
public sealed class StandInFixture : IAsyncLifetime
{
    internal StandInServiceBus Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await StandInServiceBus.StartAsync();

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

/// <summary>A tenant whose requests go over a Service Bus of its own, for which the tests' stand-in answers.</summary>
[Collection(WorldCollection.Name)]
public sealed class ServiceBusTests(World world, StandInFixture standIn) : IClassFixture<StandInFixture>, IAsyncLifetime
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly StandInServiceBus service = standIn.Service;
    private readonly CapturedLog log = new();
    private StandInQueue queue = null!;
    private InProcessAgent agent = null!;

    public async ValueTask InitializeAsync()
    {
        var name = RelayAddress.Of(world.Tenant, AgentStates.Connector);
        queue = service.AddQueue(name);
        var key = Path.Combine(world.Agent.DataDirectory, "service-bus.key");
        await File.WriteAllTextAsync(key, service.AddPolicy(listens: true, queue: name.Value), Cancellation);
        await world.Agent.Process!.StopAsync(TimeSpan.FromSeconds(15));
        await world.Agent.WriteAsync("serviceBusFile", key);
        agent = await InProcessAgent.StartAsync(world.Agent.DataDirectory, log);
        await world.WaitUntilHealthyAsync();
        await RevokeOthersAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await RelayAsync("--embedded");
        await agent.DisposeAsync();
        await world.Agent.WriteAsync("serviceBusFile", null);
        await world.StartAgentAsync();
    }

    [Fact]
    [Trait("Case", "H67")]
    [Trait("Case", "H69")]
    public async Task A_forgotten_password_is_reset_and_neither_a_replay_nor_junk_writes_anything()
    {
        var person = world.TakePerson();
        await MoveAsync();
        Assert.Contains("taken", await RelayAsync("test"), StringComparison.Ordinal);
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await world.ProveAsync(wizard, person);

        await wizard.TypePasswordAsync("Over-The-Service-Bus-1");

        await wizard.ExpectDoneAsync();
        Assert.True(world.Forest.Admin.Bind(person.Upn, "Over-The-Service-Bus-1").Accepted);
        var (seen, writes) = (queue.Seen, world.Forest.Admin.WriteCount(person.Dn));
        Assert.NotEmpty(seen);
        foreach (var (id, body) in seen.Append((RequestId.New().Value, "junk"u8.ToArray())))
        {
            Assert.True(await SendAsync(new(id), body));
        }

        await Eventually.TrueAsync(() => queue.Length == 0, TimeSpan.FromSeconds(60), "the agent to be done with all", Cancellation);
        Assert.Equal(writes, world.Forest.Admin.WriteCount(person.Dn));
        Assert.Empty(queue.DeadLetters);
        await Eventually.TrueAsync(
            async () =>
                (await world.Portal.OperateAsync("audit", "list", "--tenant", world.Tenant.ToString())).Contains(
                    "32010",
                    StringComparison.Ordinal
                ),
            TimeSpan.FromSeconds(30),
            "the alarm of a forged message",
            Cancellation
        );
    }

    [Fact]
    public async Task A_tenant_that_moves_there_and_back_under_load_loses_no_request_and_sets_none_twice()
    {
        var people = Enumerable.Range(0, 4).Select(_ => world.TakePerson()).ToList();
        var before = people.Select(person => world.Forest.Admin.WriteCount(person.Dn)).ToList();
        using var stop = new CancellationTokenSource();
        var lanes = people.Chunk(2).Select(two => LoadAsync(two, stop.Token)).ToList();
        try
        {
            await MoveAsync();
            var there = queue.Seen.Count;
            await Eventually.TrueAsync(
                () => queue.Seen.Count > there + 4 || lanes.Any(lane => lane.IsCompleted),
                TimeSpan.FromSeconds(60),
                "requests over the Service Bus",
                Cancellation
            );
            await RelayAsync("--embedded");
            await ToldAsync(world.Portal.Services.GetRequiredService<EmbeddedRelay>().Address);
        }
        finally
        {
            await stop.CancelAsync();
        }

        var sets = await Task.WhenAll(lanes);
        Assert.Equal(
            before.Zip(sets.SelectMany(lane => lane), (writes, count) => writes + (uint)count),
            people.Select(person => world.Forest.Admin.WriteCount(person.Dn))
        );
        Assert.Empty(queue.DeadLetters);
    }

    /// <summary>Each set is sent, applied and answered before the next one.</summary>
    /// <returns>How many there were, of each.</returns>
    private async Task<int[]> LoadAsync(ForestAccount[] people, CancellationToken stop)
    {
        var services = world.Portal.Services;
        var users = await Task.WhenAll(people.Select(UserAsync));
        var counts = new int[people.Length];
        for (var turn = 0; !stop.IsCancellationRequested; turn = (turn + 1) % people.Length)
        {
            var password = string.Create(CultureInfo.InvariantCulture, $"Moving-Harbour-{++counts[turn]}");
            var sent = Assert.IsType<RequestAdding.Added>(await services.SetPasswordAsync(users[turn], password));
            var result = await services
                .GetRequiredService<RequestWatch>()
                .WaitAsync(world.Tenant, sent.Id, TimeSpan.FromSeconds(60), Cancellation);
            Assert.IsType<WritebackResult.Applied>(result);
        }

        return counts;
    }

    private async Task MoveAsync()
    {
        var file = Path.Combine(world.Portal.Folder, "portal.key");
        await File.WriteAllTextAsync(file, service.AddPolicy(sends: true), Cancellation);
        await RelayAsync("--service-bus-file", file);
        await ToldAsync(new Uri($"sb://127.0.0.1:{service.Port}/"));
    }

    /// <summary>Agents of other tests that ended a moment ago would count as being about; the tenant's own said hello last.</summary>
    private async Task RevokeOthersAsync()
    {
        var agents = world.Portal.Services.GetRequiredService<AgentStore>();
        var listed = (await agents.ListAsync(world.Tenant, Cancellation)).Where(a => a.RevokedAt is null);
        foreach (var other in listed.OrderByDescending(a => a.LastHelloAt).Skip(1))
        {
            await agents.RevokeAsync(other.Id, TenantSetup.By, Cancellation);
        }
    }

    private async Task ToldAsync(Uri address)
    {
        await agent.GreetAsync();
        Assert.True(
            await world.Portal.Services.GetRequiredService<AgentStore>().AllToldAsync(world.Tenant, address, Cancellation),
            log.Text
        );
    }

    private Task<string> RelayAsync(params string[] options) =>
        options is ["test"]
            ? world.Portal.OperateAsync("tenant", "relay", "test", "--tenant", world.Tenant.ToString())
            : world.Portal.OperateAsync(["tenant", "relay", "--tenant", world.Tenant.ToString(), .. options]);

    private Task<bool> SendAsync(RequestId id, byte[] body) =>
        world
            .Portal.Services.GetRequiredService<IRelay>()
            .SendAsync(world.Tenant, AgentStates.Connector, id, body, TimeSpan.FromMinutes(1));

    private async Task<User> UserAsync(ForestAccount person)
    {
        await using var db = await world.Portal.OpenDatabaseAsync();
        var name = person.Upn.ToLowerInvariant();
        return await db.Set<User>().AsNoTracking().SingleAsync(u => u.Tenant == world.Tenant && u.UserPrincipalName == name);
    }
}
