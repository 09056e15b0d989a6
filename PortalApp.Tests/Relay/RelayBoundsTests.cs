using System.Net.WebSockets;
using Agent.Relay;
using Amqp.Framing;
using Portal.Relay;
using Portal.Writeback;
using PortalApp.Relay.Handshakes;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Relay;

public sealed class RelayBoundsTests(RelayFixture fixture) : IClassFixture<RelayFixture>
{
    private readonly RelayServer server = fixture.Server;

    [Fact]
    [Trait("Case", "H80")]
    public async Task A_full_queue_refuses_the_next_message_and_no_other_tenant_notices()
    {
        var (full, other) = (server.NewTenant(), server.NewTenant());
        for (var sent = 0; sent < RelayLimits.MaxQueueLength; sent += 100)
        {
            Assert.All(Enumerable.Range(0, 100), _ => Assert.True(server.Send(full, RequestId.New())));
        }

        Assert.False(server.Send(full, RequestId.New()));

        Assert.True(server.Send(other, RequestId.New()));
        await using var inbox = await Inbox.OpenAsync(server, full);
        await (await inbox.NextAsync()).SettleAsync(Settlement.Accepted);
        await Eventually.TrueAsync(
            () => server.Send(full, RequestId.New()),
            RelayServer.Patience,
            "room in the queue",
            TestContext.Current.CancellationToken
        );
    }

    [Fact]
    [Trait("Case", "H71")]
    public void A_message_one_byte_too_long_is_refused()
    {
        var tenant = server.NewTenant();

        Assert.False(server.Send(tenant, RequestId.New(), body: new byte[RelayLimits.MaxMessageBytes + 1]));
        Assert.True(server.Send(tenant, RequestId.New(), body: new byte[RelayLimits.MaxMessageBytes]));
    }

    [Fact]
    [Trait("Case", "H71")]
    public async Task Twenty_megabytes_of_junk_from_an_agent_close_its_connection_and_leave_memory_flat()
    {
        var tenant = server.NewTenant();
        var agent = server.NewAgent(tenant);
        using var raw = await RawAgent.OpenAsync(agent);
        await raw.LogInAsync(agent);
        await raw.SendFrameAsync(
            new Begin
            {
                NextOutgoingId = 0,
                IncomingWindow = 100,
                OutgoingWindow = uint.MaxValue / 2,
            }
        );
        await raw.SendFrameAsync(Attach(tenant));
        await server.HasReceiverAsync(tenant);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var sent = await SendJunkAsync(raw, megabytes: 20);

        await server.HasReceiverAsync(tenant, expected: false);
        Assert.True(sent < 20 * 1024 * 1024, "All of the junk was taken.");
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 8 * 1024 * 1024);
    }

    [Fact]
    [Trait("Case", "H71")]
    public async Task Twenty_megabytes_of_junk_from_a_stranger_are_not_read()
    {
        using var raw = await RawAgent.OpenAsync(server.NewAgent(server.NewTenant()));
        var sent = 0;
        try
        {
            for (; sent < 20 * 1024 * 1024 && raw.State == WebSocketState.Open; sent += 16 * 1024)
            {
                await raw.SendAsync(new byte[16 * 1024]).WaitAsync(RelayServer.Patience, TestContext.Current.CancellationToken);
            }
        }
        catch (Exception e) when (e is WebSocketException or TimeoutException)
        {
            // Cut off, as it should be.
        }

        Assert.True(sent < 20 * 1024 * 1024, "All of the junk was taken.");
    }

    [Fact]
    public async Task The_fifth_link_of_a_connection_is_refused()
    {
        var tenant = server.NewTenant();
        var connection = await RelayServer.ConnectedAsync(server.NewAgent(tenant));
        var inboxes = Enumerable
            .Range(0, RelayLimits.MaxLinksPerConnection)
            .Select(_ => new Inbox(connection, RelayServer.AddressOf(tenant), credit: 1))
            .ToList();
        for (var i = 0; i < inboxes.Count; i++)
        {
            // A credit of one, unsettled: each gets one, so that all are attached.
            server.Send(tenant, RequestId.New());
        }

        await Task.WhenAll(inboxes.Select(inbox => inbox.NextAsync()));
        Assert.False(connection.IsClosed);

        inboxes.Add(new Inbox(connection, RelayServer.AddressOf(tenant)));

        await inboxes[^1].EndedAsync();
        Assert.False(connection.IsClosed);
        foreach (var inbox in inboxes)
        {
            await inbox.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_fifth_connection_of_an_agent_is_told_to_come_later()
    {
        var agent = server.NewAgent(server.NewTenant());
        var connections = new List<RelayConnection>();
        for (var i = 0; i < RelayLimits.MaxConnectionsPerAgent; i++)
        {
            connections.Add(await RelayServer.ConnectedAsync(agent));
        }

        Assert.Equal(RelayFault.Unreachable, await RelayServer.FaultAsync(agent));

        await connections[0].DisposeAsync();
        await Eventually.TrueAsync(
            async () =>
                await RelayConnection.ConnectAsync(agent.Endpoint, TestContext.Current.CancellationToken) is RelayConnecting.Connected again
                && AddTo(connections, again.Connection),
            RelayServer.Patience,
            "room for a connection",
            TestContext.Current.CancellationToken
        );
        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }
    }

    [Fact]
    public void Connections_are_bounded_for_an_agent_for_a_tenant_and_in_all()
    {
        var count = new ConnectionCount();
        Assert.True(Enter(count, 1, tenant: 1, agents: RelayLimits.MaxConnectionsPerTenant));
        Assert.False(count.TryEnter(new("one more", new(1), [])));
        var tenants = (RelayLimits.MaxConnections - RelayLimits.MaxConnectionsPerTenant) / RelayLimits.MaxConnectionsPerTenant;
        for (var tenant = 2; tenant < 2 + tenants; tenant++)
        {
            Assert.True(Enter(count, 1, tenant, RelayLimits.MaxConnectionsPerTenant));
        }

        var left = RelayLimits.MaxConnections - ((1 + tenants) * RelayLimits.MaxConnectionsPerTenant);
        Assert.True(Enter(count, 1, tenant: 1000, agents: left));
        Assert.False(count.TryEnter(new("one more", new(1001), [])));
        count.Leave(new("agent-1-0", new(1), []));
        Assert.True(count.TryEnter(new("one more", new(1001), [])));
    }

    private static bool Enter(ConnectionCount count, int each, int tenant, int agents) =>
        Enumerable.Range(0, agents * each).All(i => count.TryEnter(new($"agent-{tenant}-{i}", new(tenant), [])));

    private static bool AddTo(List<RelayConnection> connections, RelayConnection connection)
    {
        connections.Add(connection);
        return true;
    }

    [Fact]
    public async Task What_comes_while_the_relay_closes_an_agents_connection_waits_for_the_next_one()
    {
        var tenant = server.NewTenant();
        var agent = server.NewAgent(tenant);
        using var raw = await RawAgent.OpenAsync(agent);
        await raw.LogInAsync(agent);
        await raw.SendFrameAsync(
            new Begin
            {
                NextOutgoingId = 0,
                IncomingWindow = 100,
                OutgoingWindow = 100,
            }
        );
        await raw.SendFrameAsync(Attach(tenant));
        await raw.SendFrameAsync(
            new Flow
            {
                NextIncomingId = 0,
                IncomingWindow = 100,
                NextOutgoingId = 0,
                OutgoingWindow = 100,
                Handle = 0,
                DeliveryCount = 0,
                LinkCredit = 10,
            }
        );
        Assert.True(server.Send(tenant, RequestId.New()));
        await Eventually.TrueAsync(() => server.WaitingOf(tenant) == 0, TimeSpan.FromSeconds(10), "the first message to go out");

        // The peer never answers the close, so that the connection stays half closed.
        server.Revoke(agent);
        Assert.True(server.Send(tenant, RequestId.New()));

        Assert.Equal(2, server.LengthOf(tenant));
    }

    private static Attach Attach(Portal.Tenants.TenantId tenant) =>
        new()
        {
            LinkName = "raw",
            Handle = 0,
            Role = true,
            Source = new Source { Address = RelayServer.AddressOf(tenant).Value },
            Target = new Target(),
        };

    /// <summary>One message in ever more frames, over a link on which the agent may only receive.</summary>
    private static async Task<int> SendJunkAsync(RawAgent raw, int megabytes)
    {
        var (sent, payload) = (0, new byte[15 * 1024]);
        try
        {
            for (; sent < megabytes * 1024 * 1024 && raw.State == WebSocketState.Open; sent += payload.Length)
            {
                var transfer = new Transfer
                {
                    Handle = 0,
                    DeliveryId = 0,
                    DeliveryTag = [1],
                    More = true,
                };
                await raw.SendFrameAsync(transfer, payload).WaitAsync(RelayServer.Patience, TestContext.Current.CancellationToken);
            }
        }
        catch (Exception e) when (e is WebSocketException or TimeoutException)
        {
            // Cut off, as it should be.
        }

        return sent;
    }
}
