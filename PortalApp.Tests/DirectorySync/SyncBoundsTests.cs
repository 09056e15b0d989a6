using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;
using Portal.DirectorySync;
using Portal.Tenants;
using PortalApp.DirectorySync;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Throttle;
using PortalApp.Users;

namespace PortalApp.Tests.DirectorySync;

/// <summary>What somebody who holds an agent's keys can do to the portal and to other tenants.</summary>
public sealed class SyncBoundsTests
{
    private const string Connector = "corp.test";

    [Fact]
    public async Task A_tenant_takes_no_more_users_than_its_quota_and_changes_those_whom_it_has()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent) = await StartAsync(portal);
        await LimitAsync(portal, tenant, most: 3);
        await SyncAsync(agent, People(2));

        var results = await SyncAsync(agent, [.. People(5).Select(p => p with { DisplayName = "Changed" })]);

        Assert.Equal([true, true, true, false, false], results.Select(r => r.CloudAnchor is not null));
        Assert.All(results.Skip(3), r => Assert.Equal(SyncErrors.NoRoom(3), r.Error));
        Assert.Equal(["Changed", "Changed", "Changed"], (await portal.UsersAsync()).Select(u => u.DisplayName));
        await LimitAsync(portal, tenant, most: 4);
        Assert.Single(await SyncAsync(agent, People(5)), r => r.CloudAnchor is null);
    }

    [Fact]
    public async Task People_who_are_gone_count_so_that_nobody_makes_room_by_letting_go()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent) = await StartAsync(portal);
        await LimitAsync(portal, tenant, most: 1);
        await SyncAsync(agent, People(1));
        await portal.WithDbAsync(db => db.Set<User>().ExecuteUpdateAsync(set => set.SetProperty(u => u.GoneAt, portal.Clock.GetUtcNow())));

        Assert.Null(Assert.Single(await SyncAsync(agent, People(2)[1])).CloudAnchor);
    }

    [Fact]
    public async Task A_batch_is_written_in_slices_each_of_which_stands_by_itself()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, _) = await StartAsync(portal);
        using var stopped = new CancellationTokenSource();
        var people = People(10 * SyncImport.SliceObjects);
        var import = portal.Services.GetRequiredService<SyncImport>();
        var importing = import.ImportAsync(tenant, "agent", new SyncBatch("r", 1, false, Connector, people), stopped.Token);
        while (!importing.IsCompleted && await CountAsync(portal) == 0) { }

        await stopped.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => importing);
        Assert.Equal(0, await CountAsync(portal) % SyncImport.SliceObjects);
        Assert.InRange(await CountAsync(portal), SyncImport.SliceObjects, people.Length - SyncImport.SliceObjects);
    }

    [Fact]
    public async Task Names_that_change_hands_across_a_batch_of_many_slices_leave_nobody_without_one()
    {
        await using var portal = await PortalHost.StartAsync();
        var (_, agent) = await StartAsync(portal);
        var people = People(4 * SyncImport.SliceObjects);
        var before = await SyncAsync(agent, people);

        var exchanged = people
            .Zip(people.Reverse(), (person, other) => person with { UserPrincipalName = other.UserPrincipalName })
            .ToArray();
        var after = await SyncAsync(agent, exchanged);

        Assert.Equal(before, after);
        Assert.DoesNotContain(await portal.UsersAsync(), u => u.GoneAt is not null);
        Assert.Empty(await portal.AuditAsync(PortalApp.Audit.AuditEventId.UserChanged));
    }

    [Fact]
    public async Task A_batch_and_a_hello_too_many_are_told_to_wait_and_cost_other_agents_nothing()
    {
        await using var portal = await PortalHost.StartAsync(services =>
            services.AddSingleton(
                Limits.Standard with
                {
                    BatchesOfAgent = Limits.Standard.BatchesOfAgent with { Most = 2 },
                    HellosOfAgent = Limits.Standard.HellosOfAgent with { Most = 2 },
                }
            )
        );
        var (tenant, agent) = await StartAsync(portal);
        await SyncAsync(agent, People(1));
        await SyncAsync(agent, People(1));

        using var refused = await SendAsync(agent, People(1));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        var wait = refused.Headers.RetryAfter!.Delta!.Value;
        Assert.Equal(TimeSpan.FromSeconds(30), wait);
        Assert.Equal(HttpStatusCode.OK, (await agent.HelloAsync()).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await agent.HelloAsync()).Status);
        await SyncAsync(await portal.EnrolAsync(tenant), People(1));
        portal.Clock.Advance(wait);
        await SyncAsync(agent, People(1));
    }

    private static async Task<(TenantId Tenant, TestAgent Agent)> StartAsync(PortalHost portal)
    {
        var tenant = await portal.AddTenantAsync("corp.test");
        return (tenant, await portal.EnrolAsync(tenant));
    }

    private static Task<int> LimitAsync(PortalHost portal, TenantId tenant, int most) =>
        portal.WithDbAsync(db =>
            db.Set<Tenant>().Where(t => t.Id == tenant).ExecuteUpdateAsync(set => set.SetProperty(t => t.MaxUsers, most))
        );

    private static Task<int> CountAsync(PortalHost portal) => portal.WithDbAsync(db => db.Set<User>().CountAsync());

    private static SyncObject[] People(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(n => new SyncObject($"4f6c0e6b-0000-4000-8000-{n:x12}", $"person{n:d4}@corp.test", "Person", null, null)),
        ];

    private static async Task<IReadOnlyList<SyncObjectResult>> SyncAsync(TestAgent agent, params SyncObject[] people)
    {
        var (status, report) = await agent.CallAsync<SyncReport>(AgentApi.Sync, new SyncBatch("r", 1, false, Connector, people));
        Assert.Equal(HttpStatusCode.OK, status);
        return report!.Results;
    }

    private static Task<HttpResponseMessage> SendAsync(TestAgent agent, SyncObject[] people)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new SyncBatch("r", 1, false, Connector, people), TestAgent.Json);
        return agent.SendAsync(AgentApi.Sync, body, agent.TokenFor(AgentApi.Sync, body));
    }
}
