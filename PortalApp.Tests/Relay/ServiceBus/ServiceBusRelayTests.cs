using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Relay;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Relay.Queues;
using PortalApp.Relay.ServiceBus;
using PortalApp.Secrets;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Relay.ServiceBus;

/// <summary>The portal's end of a Service Bus, beyond what every relay owes.</summary>
public sealed class ServiceBusRelayTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private ServiceBusUnderTest relay = null!;

    private ServiceBusClients Clients => relay.Portal.Services.GetRequiredService<ServiceBusClients>();

    public async ValueTask InitializeAsync() => relay = await ServiceBusUnderTest.StartAsync();

    public ValueTask DisposeAsync() => relay.DisposeAsync();

    [Fact]
    [Trait("Case", "H80")]
    public async Task A_send_that_the_service_does_not_answer_is_given_up_and_holds_up_no_other_tenant()
    {
        var (silent, other) = (await relay.NewTenantAsync(), await relay.NewTenantAsync());
        relay.QueueOf(silent).Takes = false;

        var sending = SendAsync(silent);
        Assert.True(await SendAsync(other));
        await Eventually.TrueAsync(
            () =>
            {
                relay.Clock.Advance(TimeSpan.FromSeconds(1));
                return sending.IsCompleted;
            },
            Patience,
            "the portal to give up"
        );

        Assert.False(await sending);
        Assert.Contains("did not answer within 10 s", Assert.Single(relay.Portal.Log.Of(35108)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_the_service_refuses_is_said_in_the_log()
    {
        var tenant = await relay.NewTenantAsync();
        relay.Service.WithdrawKeys();

        Assert.False(await SendAsync(tenant));

        Assert.Contains("refuses the key", Assert.Single(relay.Portal.Log.Of(35108)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_is_closed_when_it_idled_and_the_next_request_opens_another()
    {
        var tenant = await relay.NewTenantAsync();
        Assert.Equal(0, Clients.Count);
        Assert.True(await SendAsync(tenant));
        Assert.Equal(1, Clients.Count);

        await relay.Portal.PassAsync(TimeSpan.FromMinutes(12), () => Task.FromResult(Clients.Count == 0));

        Assert.True(await SendAsync(tenant));
    }

    [Fact]
    [Trait("Case", "H84")]
    public async Task A_send_after_the_connection_was_cut_is_taken()
    {
        var tenant = await relay.NewTenantAsync();
        Assert.True(await SendAsync(tenant));

        relay.Service.Cut();

        Assert.True(await SendAsync(tenant));
    }

    [Fact]
    public async Task The_key_is_wrapped_anew_when_the_master_key_is_and_still_opens()
    {
        var tenant = await relay.NewTenantAsync();
        var master = relay.Portal.Services.GetRequiredService<MasterKey>();
        master.AddNext();

        Assert.Equal(1, await relay.Portal.WithDbAsync(db => ServiceBusStore.RewrapAsync(db, master, default)));

        Assert.Equal(0, await relay.Portal.WithDbAsync(db => ServiceBusStore.RewrapAsync(db, master, default)));
        Assert.Equal(
            master.Number,
            await relay.Portal.WithDbAsync(db => db.Set<TenantServiceBus>().Select(b => b.KeyNumber).SingleAsync())
        );
        Assert.True(await SendAsync(tenant));
    }

    [Fact]
    public async Task Another_Service_Bus_is_refused_while_agents_may_listen_at_this_one_alone()
    {
        var tenant = await relay.NewTenantAsync();
        await using var another = await StandInServiceBus.StartAsync();
        var key = another.AddPolicy(sends: true);

        Assert.IsType<ChangeOutcome<Uri>.Wrong>(await relay.SetAsync(tenant, key));

        await LeaveAsync(tenant);
        Assert.IsType<ChangeOutcome<Uri>.Wrong>(await relay.SetAsync(tenant, key));
        relay.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.IsType<ChangeOutcome<Uri>.Done>(await relay.SetAsync(tenant, key));
    }

    [Fact]
    public async Task Requests_go_where_they_went_before_until_every_agent_that_is_about_was_told()
    {
        var tenant = await relay.Portal.AddTenantAsync("moving.test");
        var agent = await relay.Portal.EnrolAsync(tenant);
        relay.QueueOf(tenant);
        await relay.SetAsync(tenant, relay.Service.AddPolicy(sends: true));

        Assert.True(await SendAsync(tenant));
        Assert.Equal((1, 0), LengthsOf(tenant));
        var told = (await agent.HelloAsync()).Answer;
        Assert.Equal($"sb://127.0.0.1:{relay.Service.Port}/", told!.Relay!.Address);
        Assert.True(await SendAsync(tenant));
        Assert.Equal((1, 1), LengthsOf(tenant));

        await LeaveAsync(tenant);
        Assert.True(await SendAsync(tenant));
        Assert.Equal((1, 2), LengthsOf(tenant));
        relay.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.True(await SendAsync(tenant));
        Assert.Equal(1, LengthsOf(tenant).Embedded);
    }

    private Task<bool> SendAsync(TenantId tenant) =>
        relay.Relay.SendAsync(tenant, RelayUnderTest.Connector, RequestId.New(), [1, 2, 3], TimeSpan.FromMinutes(1));

    private Task<ChangeOutcome<TenantId>> LeaveAsync(TenantId tenant) =>
        relay.Portal.Services.ChangeAsync(db =>
            relay.Portal.Services.GetRequiredService<ServiceBusStore>().LeaveAsync(db, tenant, TenantSetup.By, default)
        );

    private (int Embedded, int ServiceBus) LengthsOf(TenantId tenant) =>
        (
            relay.Portal.Services.GetRequiredService<RelayBroker>().QueueOf(RelayAddress.Of(tenant, RelayUnderTest.Connector)).Length,
            relay.LengthOf(tenant)
        );
}
