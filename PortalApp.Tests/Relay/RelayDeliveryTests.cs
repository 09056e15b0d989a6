using Agent.Relay;
using Microsoft.Extensions.Time.Testing;
using Portal.Relay;
using Portal.Writeback;

namespace PortalApp.Tests.Relay;

public sealed class RelayDeliveryTests(RelayFixture fixture) : IClassFixture<RelayFixture>
{
    private readonly RelayServer server = fixture.Server;

    [Fact]
    public async Task What_the_portal_sends_its_agent_receives()
    {
        var tenant = server.NewTenant();
        await using var inbox = await Inbox.OpenAsync(server, tenant);
        var (id, body) = (RequestId.New(), new byte[RelayLimits.MaxMessageBytes]);
        body[^1] = 7;

        Assert.True(server.Send(tenant, id, body: body));

        var delivery = await inbox.NextAsync();
        Assert.Equal(id.Value, delivery.Id);
        Assert.Equal(body, delivery.Body.ToArray());
        await delivery.SettleAsync(Settlement.Accepted);
        await inbox.NothingButAsync(server, tenant);
    }

    [Fact]
    public async Task A_message_waits_for_the_agent()
    {
        var (tenant, id) = (server.NewTenant(), RequestId.New());
        Assert.False(server.HasReceiver(tenant));
        Assert.True(server.Send(tenant, id));

        await using var inbox = await Inbox.OpenAsync(server, tenant);

        Assert.Equal(id.Value, (await inbox.NextAsync()).Id);
    }

    [Fact]
    public async Task A_hundred_messages_pass_a_credit_of_two_in_order()
    {
        var tenant = server.NewTenant();
        await using var inbox = await Inbox.OpenAsync(server, tenant, credit: 2);
        var ids = Enumerable.Range(0, 100).Select(_ => RequestId.New()).ToList();
        foreach (var id in ids)
        {
            Assert.True(server.Send(tenant, id));
        }

        foreach (var id in ids)
        {
            var delivery = await inbox.NextAsync();
            Assert.Equal(id.Value, delivery.Id);
            await delivery.SettleAsync(Settlement.Accepted);
        }
    }

    [Fact]
    public async Task Senders_side_by_side_share_one_link()
    {
        var tenant = server.NewTenant();
        await using var inbox = await Inbox.OpenAsync(server, tenant);
        var ids = Enumerable.Range(0, 64).Select(_ => RequestId.New()).ToList();

        var sent = await Task.WhenAll(ids.Select(id => Task.Run(() => server.Send(tenant, id))));

        Assert.All(sent, Assert.True);
        var received = new HashSet<string>();
        while (received.Count < ids.Count)
        {
            var delivery = await inbox.NextAsync();
            Assert.True(received.Add(delivery.Id));
            await delivery.SettleAsync(Settlement.Accepted);
        }
    }

    [Fact]
    [Trait("Case", "H84")]
    public async Task A_message_that_a_lost_agent_had_goes_to_the_next_one()
    {
        var (tenant, id) = (server.NewTenant(), RequestId.New());
        await using var link = new FreezableLink(server.Port);
        await using var lost = await Inbox.OpenAsync(server, tenant, server.NewAgent(tenant, link.Port));
        server.Send(tenant, id);
        Assert.Equal(id.Value, (await lost.NextAsync()).Id);

        link.Cut();

        await server.HasReceiverAsync(tenant, expected: false);
        await lost.EndedAsync();
        await using var next = await Inbox.OpenAsync(server, tenant);
        var delivery = await next.NextAsync();
        Assert.Equal(id.Value, delivery.Id);
        await delivery.SettleAsync(Settlement.Accepted);
        await next.NothingButAsync(server, tenant);
    }

    [Fact]
    public async Task A_message_given_back_goes_to_another_agent_and_not_round_in_circles()
    {
        var (tenant, id) = (server.NewTenant(), RequestId.New());
        await using var first = await Inbox.OpenAsync(server, tenant);
        server.Send(tenant, id);
        var delivery = await first.NextAsync();

        await delivery.SettleAsync(Settlement.LeftForAnother);

        await first.NothingButAsync(server, tenant);
        await using var second = await Inbox.OpenAsync(server, tenant);
        Assert.Equal(id.Value, (await second.NextAsync()).Id);
    }

    [Fact]
    public async Task A_rejected_message_is_gone()
    {
        var tenant = server.NewTenant();
        var inbox = await Inbox.OpenAsync(server, tenant);
        server.Send(tenant, RequestId.New());
        await (await inbox.NextAsync()).SettleAsync(Settlement.Dropped);
        await inbox.NothingButAsync(server, tenant);
        await inbox.DisposeAsync();

        await using var next = await Inbox.OpenAsync(server, tenant);

        await next.NothingButAsync(server, tenant);
    }

    [Fact]
    public async Task Settling_after_the_connection_is_gone_does_no_harm()
    {
        var tenant = server.NewTenant();
        var inbox = await Inbox.OpenAsync(server, tenant);
        server.Send(tenant, RequestId.New());
        var delivery = await inbox.NextAsync();
        await inbox.DisposeAsync();

        await delivery.SettleAsync(Settlement.Accepted);
        await delivery.SettleAsync(Settlement.LeftForAnother);

        Assert.True(inbox.Connection.IsClosed);
    }

    [Fact]
    [Trait("Case", "H70")]
    public async Task A_message_is_gone_after_its_time_to_live()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var own = await RelayServer.StartAsync(time);
        var (tenant, kept) = (own.NewTenant(), RequestId.New());
        own.Send(tenant, RequestId.New(), seconds: 10);
        own.Send(tenant, kept, seconds: 12);

        time.Advance(TimeSpan.FromSeconds(11));

        await using var inbox = await Inbox.OpenAsync(own, tenant);
        Assert.Equal(kept.Value, (await inbox.NextAsync()).Id);
    }

    [Fact]
    [Trait("Case", "H70")]
    public async Task A_message_that_expires_with_an_agent_does_not_go_to_the_next_one()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var own = await RelayServer.StartAsync(time);
        var tenant = own.NewTenant();
        var first = await Inbox.OpenAsync(own, tenant);
        own.Send(tenant, RequestId.New(), seconds: 10);
        await first.NextAsync();

        time.Advance(TimeSpan.FromSeconds(11));
        await first.DisposeAsync();

        await using var second = await Inbox.OpenAsync(own, tenant);
        await second.NothingButAsync(own, tenant);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(301)]
    public void A_message_without_a_time_to_live_or_with_too_long_a_one_is_refused(double seconds) =>
        Assert.False(server.Send(server.NewTenant(), RequestId.New(), seconds));
}
