using Agent.Relay;
using Portal.Relay;
using Portal.Tenants;
using Portal.Writeback;

namespace PortalApp.Tests.Relay;

public sealed class RelayAccessTests(RelayFixture fixture) : IClassFixture<RelayFixture>
{
    private readonly RelayServer server = fixture.Server;

    [Fact]
    [Trait("Case", "H72")]
    public async Task An_agent_does_not_receive_at_another_tenants_address()
    {
        var (mine, theirs) = (server.NewTenant(), server.NewTenant());
        server.Send(theirs, RequestId.New());

        await AssertRefusedAsync(mine, RelayServer.AddressOf(theirs).Value);

        Assert.False(server.HasReceiver(theirs));
    }

    [Theory]
    [Trait("Case", "H72")]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("TENANT-{0}/{1}")]
    [InlineData("tenant-{0}/{1}/")]
    [InlineData("tenant-0{0}/{1}")]
    [InlineData("tenant-+{0}/{1}")]
    [InlineData("tenant-{0}/connector-")]
    [InlineData("tenant-{0}/corp.test")]
    [InlineData("tenant-{0}/requests")]
    [InlineData("$cbs")]
    [InlineData("#")]
    public async Task An_agent_receives_nowhere_but_at_its_own_tenants_exact_address(string address)
    {
        var mine = server.NewTenant();

        var connector = RelayServer.AddressOf(mine).Value.Split('/')[1];
        var replaced = address
            .Replace("{0}", mine.ToString(), StringComparison.Ordinal)
            .Replace("{1}", connector, StringComparison.Ordinal);
        await AssertRefusedAsync(mine, replaced);
    }

    [Fact]
    [Trait("Case", "H72")]
    public async Task An_agent_does_not_receive_for_a_connector_of_its_tenant_that_it_does_not_serve()
    {
        var mine = server.NewTenant();

        await AssertRefusedAsync(mine, RelayAddress.Of(mine, "other.test").Value);

        Assert.False(server.HasReceiver(mine, "other.test"));
    }

    [Fact]
    public async Task Two_connectors_of_one_tenant_have_a_queue_each()
    {
        var tenant = server.NewTenant();
        await using var corp = await Inbox.OpenAsync(server, tenant);
        var connection = await RelayServer.ConnectedAsync(server.NewAgent(tenant, connector: "other.test"));
        await using var other = new Inbox(connection, RelayAddress.Of(tenant, "other.test"));
        var id = RequestId.New();

        Assert.True(await server.Relay.SendAsync(tenant, "other.test", id, [1], TimeSpan.FromSeconds(60)));

        Assert.Equal(id.Value, (await other.NextAsync()).Id);
        await corp.NothingButAsync(server, tenant);
    }

    [Fact]
    [Trait("Case", "H72")]
    [Trait("Case", "H81")]
    public async Task An_agent_sends_nowhere()
    {
        var (mine, theirs) = (server.NewTenant(), server.NewTenant());
        foreach (var address in new[] { RelayServer.AddressOf(mine).Value, RelayServer.AddressOf(theirs).Value, "$cbs" })
        {
            var agent = server.NewAgent(mine);
            using var raw = await RawAgent.OpenAsync(agent);
            await raw.LogInAsync(agent);
            await raw.SendFrameAsync(
                new Amqp.Framing.Begin
                {
                    NextOutgoingId = 0,
                    IncomingWindow = 100,
                    OutgoingWindow = 100,
                }
            );
            await raw.SendFrameAsync(
                new Amqp.Framing.Attach
                {
                    LinkName = "raw",
                    Handle = 0,
                    Role = false,
                    Source = new Amqp.Framing.Source { Address = RelayServer.AddressOf(mine).Value },
                    Target = new Amqp.Framing.Target { Address = address },
                }
            );
            await raw.SendFrameAsync(new Amqp.Framing.Close());

            var said = System.Text.Encoding.ASCII.GetString(await raw.ReadToEndAsync(RelayServer.Patience));

            Assert.Contains("amqp:unauthorized-access", said, StringComparison.Ordinal);
        }

        await using var inbox = await Inbox.OpenAsync(server, theirs);
        await inbox.NothingButAsync(server, theirs);
    }

    [Fact]
    [Trait("Case", "H73")]
    public async Task A_revoked_agent_is_cut_off_and_does_not_come_back()
    {
        var tenant = server.NewTenant();
        var agent = server.NewAgent(tenant);
        await using var inbox = await Inbox.OpenAsync(server, tenant, agent);

        server.Revoke(agent);

        await inbox.EndedAsync();
        await server.HasReceiverAsync(tenant, expected: false);
        Assert.Equal(RelayFault.Unauthorised, await RelayServer.FaultAsync(agent));
    }

    [Fact]
    [Trait("Case", "H73")]
    public async Task A_revoked_agent_that_ignores_the_close_is_cut_off_all_the_same()
    {
        var tenant = server.NewTenant();
        var agent = server.NewAgent(tenant);
        using var raw = await RawAgent.OpenAsync(agent);
        await raw.LogInAsync(agent);
        await raw.SendFrameAsync(
            new Amqp.Framing.Begin
            {
                NextOutgoingId = 0,
                IncomingWindow = 100,
                OutgoingWindow = 100,
            }
        );
        await raw.SendFrameAsync(
            new Amqp.Framing.Attach
            {
                LinkName = "raw",
                Handle = 0,
                Role = true,
                Source = new Amqp.Framing.Source { Address = RelayServer.AddressOf(tenant).Value },
                Target = new Amqp.Framing.Target(),
            }
        );
        await server.HasReceiverAsync(tenant);

        server.Revoke(agent);

        await raw.ReadToEndAsync(RelayServer.Patience);
        await server.HasReceiverAsync(tenant, expected: false);
    }

    private async Task AssertRefusedAsync(TenantId mine, string address)
    {
        var connection = await RelayServer.ConnectedAsync(server.NewAgent(mine));
        await using var inbox = new Inbox(connection, new(address));
        await inbox.EndedAsync();
        Assert.False(server.HasReceiver(mine));
    }
}
