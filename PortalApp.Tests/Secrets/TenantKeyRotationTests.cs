using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Secrets;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Secrets;

public sealed class TenantKeyRotationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_request_is_lost_while_a_tenants_key_is_exchanged_under_load()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var (one, two) = (await portal.EnrolAsync(tenant), await portal.EnrolAsync(tenant));
        var opened = new ConcurrentDictionary<string, bool>();
        await one.ListenAsync(Open);
        await two.ListenAsync(Open);
        await portal.ReceiverAsync(tenant);

        for (var seconds = 0; seconds < 16 * 60; seconds += 10)
        {
            portal.Clock.Advance(TimeSpan.FromSeconds(10));
            if (seconds == 60)
            {
                Assert.Equal(2, Assert.IsType<ChangeOutcome<int>.Done>(await RotateAsync(portal, tenant)).Value);
            }

            await HelloAsync(one, seconds % 60 == 0);
            await HelloAsync(two, seconds % 60 == 30);
            var request = await portal.SentAsync(tenant);
            await Eventually.TrueAsync(
                () => opened.ContainsKey(request),
                TimeSpan.FromSeconds(10),
                $"the request at {seconds} s to be opened"
            );
        }

        Assert.Equal([2], one.State!.TenantKeys);
        Assert.Equal([2], two.State!.TenantKeys);

        Task Open(Portal.Writeback.WritebackRequest request)
        {
            opened[request.Id.Value] = true;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task The_new_key_seals_once_all_agents_hold_it_and_the_old_one_never_so_late_that_it_ends_before_the_request()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var keys = portal.Services.GetRequiredService<TenantKeys>();
        await RotateAsync(portal, tenant);
        portal.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(1, (await keys.SealingAsync(tenant, [1], Ct)).Generation);
        Assert.Equal(2, (await keys.SealingAsync(tenant, [1, 2], Ct)).Generation);

        portal.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(2, (await keys.SealingAsync(tenant, [1], Ct)).Generation);
    }

    [Fact]
    public async Task A_hello_brings_the_new_key_at_once_although_the_old_one_is_held_open()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        await portal.Services.GetRequiredService<TenantKeys>().OpenAsync(tenant, Ct);

        await RotateAsync(portal, tenant);

        Assert.Equal([2, 1], (await agent.HelloAsync()).Answer!.TenantKeys.Select(key => key.Generation));
    }

    [Fact]
    public async Task A_second_exchange_waits_for_the_end_of_the_first()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        await RotateAsync(portal, tenant);

        Assert.IsType<ChangeOutcome<int>.Wrong>(await RotateAsync(portal, tenant));
        portal.Clock.Advance(TenantKeys.OldIsValid);
        Assert.Equal(3, Assert.IsType<ChangeOutcome<int>.Done>(await RotateAsync(portal, tenant)).Value);
        Assert.IsType<ChangeOutcome<int>.NotThere>(await RotateAsync(portal, new TenantId(99)));
        Assert.Equal(2, (await portal.AuditAsync(AuditEventId.KeyRotated)).Count);
    }

    private static Task<ChangeOutcome<int>> RotateAsync(PortalHost portal, TenantId tenant) =>
        portal.Services.ChangeAsync(db => portal.Services.GetRequiredService<TenantKeys>().RotateAsync(db, tenant, TenantSetup.By, Ct));

    /// <summary>As an agent does each minute: says which keys it holds, and takes those that it is given.</summary>
    private static async Task HelloAsync(TestAgent agent, bool isDue)
    {
        if (isDue && (await agent.HelloAsync()).Answer is { TenantKeys: { Count: > 0 } keys })
        {
            agent.Enrolment = agent.Enrolment! with { TenantKeys = keys };
            agent.State = agent.State! with { TenantKeys = [.. keys.Select(key => key.Generation)] };
        }
    }
}
