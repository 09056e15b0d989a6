using System.Diagnostics;
using System.Net;
using Agent.Relay;
using Microsoft.Extensions.Time.Testing;
using Portal.Relay;
using PortalApp.Relay.Handshakes;
using PortalApp.Tests.Fixtures;
using PortalApp.Throttle;

namespace PortalApp.Tests.Relay;

public sealed class RelayHandshakeTests(RelayFixture fixture) : IClassFixture<RelayFixture>
{
    private readonly RelayServer server = fixture.Server;

    [Fact]
    public async Task A_wrong_secret_an_unknown_agent_and_no_secret_are_unauthorised()
    {
        var agent = server.NewAgent(server.NewTenant());

        Assert.Equal(RelayFault.Unauthorised, await RelayServer.FaultAsync(agent with { Secret = agent.Secret[..^1] }));
        Assert.Equal(RelayFault.Unauthorised, await RelayServer.FaultAsync(agent with { User = "nobody" }));
        Assert.Equal(RelayFault.Unauthorised, await RelayServer.FaultAsync(agent with { Secret = agent.Secret + "x" }));
        await using var right = await RelayServer.ConnectedAsync(agent);
    }

    [Fact]
    [Trait("Case", "H63")]
    public async Task A_relay_with_another_name_or_issuer_gets_no_secret()
    {
        await using var other = await RelayServer.StartAsync();
        var tenant = server.NewTenant();
        var agent = server.NewAgent(tenant);

        Assert.Equal(RelayFault.Untrusted, await RelayServer.FaultAsync(server.NewAgent(tenant, host: "127.0.0.1")));
        Assert.Equal(RelayFault.Untrusted, await RelayServer.FaultAsync(other.NewAgent(tenant, server.Port)));
        Assert.Equal(RelayFault.Untrusted, await RelayServer.FaultAsync(agent with { Roots = null }));
        Assert.Equal(RelayFault.Untrusted, await RelayServer.FaultAsync(agent with { Roots = [] }));
    }

    [Fact]
    public async Task Where_no_relay_answers_it_is_unreachable()
    {
        var agent = server.NewAgent(server.NewTenant());
        var link = new FreezableLink(server.Port);
        var closed = link.Port;
        await link.DisposeAsync();

        Assert.Equal(RelayFault.Unreachable, await RelayServer.FaultAsync(server.NewAgent(server.NewTenant(), closed)));
        Assert.Equal(RelayFault.Unreachable, await RelayServer.FaultAsync(agent with { Path = "/elsewhere" }));
    }

    [Fact]
    [Trait("Case", "H84")]
    public async Task A_connection_that_opens_after_it_was_given_up_holds_no_place()
    {
        await using var link = new FreezableLink(server.Port, held: true);
        var agent = server.NewAgent(server.NewTenant(), link.Port);

        Assert.Equal(RelayFault.Unreachable, await RelayServer.FaultAsync(agent));
        link.Release();

        await Eventually.TrueAsync(() => link.HasEnded, RelayServer.Patience, "the late connection to end");
        await Eventually.TrueAsync(() => !server.Relay.ConnectedAgents.Contains(agent.User), RelayServer.Patience, "its place to be free");
    }

    [Fact]
    public async Task A_relay_that_does_not_answer_is_given_up()
    {
        await using var link = new FreezableLink(server.Port);
        link.Freeze();
        var clock = Stopwatch.StartNew();

        Assert.Equal(RelayFault.Unreachable, await RelayServer.FaultAsync(server.NewAgent(server.NewTenant(), link.Port)));
        Assert.True(clock.Elapsed < RelayLimits.ConnectDeadline + TimeSpan.FromSeconds(6), $"{clock.Elapsed}");
    }

    [Fact]
    public async Task What_is_not_amqp_over_websocket_gets_400()
    {
        var agent = server.NewAgent(server.NewTenant());
        using var noProtocol = await RawAgent.OpenAsync(agent, subProtocol: null);
        using var otherProtocol = await RawAgent.OpenAsync(agent, subProtocol: "mqtt");

        Assert.Equal(400, noProtocol.Status);
        Assert.Equal(400, otherProtocol.Status);
    }

    [Fact]
    public async Task A_silent_peer_is_cut_off_at_the_handshakes_deadline()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var own = await RelayServer.StartAsync(time);
        using var silent = await RawAgent.OpenAsync(own.NewAgent(own.NewTenant()));
        using var half = await RawAgent.OpenAsync(own.NewAgent(own.NewTenant()));
        await half.SendAsync([.. "AMQP"u8, 3, 1, 0, 0]);
        var both = Task.WhenAll(silent.ReadToEndAsync(RelayServer.Patience), half.ReadToEndAsync(RelayServer.Patience));

        time.Advance(RelayLimits.HandshakeDeadline - TimeSpan.FromMilliseconds(1));
        Assert.False(both.IsCompleted);
        await Eventually.TrueAsync(
            () =>
            {
                // A server that was slow to take a connection counts from then.
                time.Advance(TimeSpan.FromSeconds(1));
                return both.IsCompletedSuccessfully;
            },
            RelayServer.Patience,
            "both to be cut off",
            TestContext.Current.CancellationToken
        );
    }

    [Fact]
    public async Task Strangers_of_75_networks_hold_all_they_can_and_an_agent_gets_in_from_its_network()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var own = await RelayServer.StartAsync(time);
        var agent = own.NewAgent(own.NewTenant());
        own.AgentNetworks.Replace([NetworkPrefix.Of(IPAddress.Loopback).Value]);
        var crowds = new List<RawAgent>();
        for (var network = 1; network <= RelayLimits.MaxHandshakes / RelayLimits.MaxHandshakesPerNetwork; network++)
        {
            crowds.AddRange(await CrowdAsync(agent, from: IPAddress.Parse($"127.0.{network}.1")));
        }

        Assert.All(crowds, stranger => Assert.Equal(101, stranger.Status));
        using var crowded = await RawAgent.OpenAsync(agent, from: IPAddress.Parse("127.0.1.1"));
        using var elsewhere = await RawAgent.OpenAsync(agent, from: IPAddress.Parse("127.0.200.1"));
        Assert.Equal((503, 503), (crowded.Status, elsewhere.Status));
        await using (await RelayServer.ConnectedAsync(agent))
        {
            time.Advance(RelayLimits.HandshakeDeadline);
            await Task.WhenAll(crowds.Select(stranger => stranger.ReadToEndAsync(RelayServer.Patience)));
            Assert.All(crowds, stranger => stranger.Dispose());
        }

        using var admitted = await RawAgent.OpenAsync(agent, from: IPAddress.Parse("127.0.200.1"));
        Assert.Equal(101, admitted.Status);
    }

    private static Task<RawAgent[]> CrowdAsync(TestEndpoint agent, IPAddress from) =>
        Task.WhenAll(Enumerable.Range(0, RelayLimits.MaxHandshakesPerNetwork).Select(_ => RawAgent.OpenAsync(agent, from: from)));

    public static TheoryData<string, byte[]> HostileStarts =>
        new()
        {
            { "another protocol", "GET / HT"u8.ToArray() },
            { "AMQP without SASL", [.. "AMQP"u8, 0, 1, 0, 0] },
            { "another mechanism", [.. "AMQP"u8, 3, 1, 0, 0, .. RawAgent.SaslInit("ANONYMOUS", "x")] },
            { "no user", [.. "AMQP"u8, 3, 1, 0, 0, .. RawAgent.SaslInit("PLAIN", "\0\0x")] },
            { "no secret", [.. "AMQP"u8, 3, 1, 0, 0, .. RawAgent.SaslInit("PLAIN", "\0x\0")] },
            { "no NUL", [.. "AMQP"u8, 3, 1, 0, 0, .. RawAgent.SaslInit("PLAIN", "xy")] },
            { "a frame of 4 GB", [.. "AMQP"u8, 3, 1, 0, 0, 0xff, 0xff, 0xff, 0xff] },
            { "a frame of 513 bytes", [.. "AMQP"u8, 3, 1, 0, 0, 0, 0, 2, 1] },
            { "a frame of nothing", [.. "AMQP"u8, 3, 1, 0, 0, 0, 0, 0, 0] },
            { "an empty frame", [.. "AMQP"u8, 3, 1, 0, 0, 0, 0, 0, 8, 2, 1, 0, 0] },
            { "an offset beyond the frame", [.. "AMQP"u8, 3, 1, 0, 0, 0, 0, 0, 8, 255, 1, 0, 0] },
            {
                "a length beyond the frame",
                [
                    .. "AMQP"u8,
                    3,
                    1,
                    0,
                    0,
                    0,
                    0,
                    0,
                    20,
                    2,
                    1,
                    0,
                    0,
                    0,
                    0x53,
                    0x41,
                    0xd0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    2,
                    0xb3,
                    0xff,
                    0xff,
                    0xff,
                    0xff,
                ]
            },
        };

    [Theory]
    [MemberData(nameof(HostileStarts), DisableDiscoveryEnumeration = true)]
    public async Task A_hostile_start_ends_at_once_and_without_a_word_of_success(string what, byte[] start)
    {
        using var raw = await RawAgent.OpenAsync(server.NewAgent(server.NewTenant()));
        await raw.SendAsync(start);

        var said = await raw.ReadToEndAsync(TimeSpan.FromSeconds(4));

        Assert.False(said.AsSpan().EndsWith((ReadOnlySpan<byte>)[0x53, 0x44, 0xc0, 3, 1, 0x50, SaslHandshake.Ok]), what);
    }

    [Fact]
    public async Task An_agent_with_its_own_secret_does_not_act_for_another()
    {
        var agent = server.NewAgent(server.NewTenant());
        using var raw = await RawAgent.OpenAsync(agent);
        await raw.SendAsync([.. "AMQP"u8, 3, 1, 0, 0, .. RawAgent.SaslInit("PLAIN", $"other\0{agent.User}\0{agent.Secret}")]);

        var said = await raw.ReadToEndAsync(TimeSpan.FromSeconds(4));

        Assert.False(said.AsSpan().EndsWith((ReadOnlySpan<byte>)[0x53, 0x44, 0xc0, 3, 1, 0x50, SaslHandshake.Ok]));
    }

    [Fact]
    [Trait("Case", "H84")]
    public async Task A_half_open_connection_is_noticed_on_both_sides_within_15_seconds()
    {
        var tenant = server.NewTenant();
        await using var link = new FreezableLink(server.Port);
        await using var inbox = await Inbox.OpenAsync(server, tenant, server.NewAgent(tenant, link.Port));

        link.Freeze();

        var limit = TimeSpan.FromSeconds(15);
        var agentNotices = inbox.EndedAsync(limit);
        await server.HasReceiverAsync(tenant, expected: false, limit);
        await agentNotices;
        Assert.True(inbox.Connection.IsClosed);
    }

    [Fact]
    public async Task An_attached_agent_does_not_hold_up_the_portals_end()
    {
        await using var own = await RelayServer.StartAsync();
        var tenant = own.NewTenant();
        await using var inbox = await Inbox.OpenAsync(own, tenant);
        own.Send(tenant, Portal.Writeback.RequestId.New());
        var clock = Stopwatch.StartNew();

        await own.StopAsync();

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(8), $"{clock.Elapsed}");
        await inbox.EndedAsync();
    }
}
