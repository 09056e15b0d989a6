using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Throttle;

namespace PortalApp.Tests.Throttle;

/// <summary>Connections that are open, before a byte is sent by any of them.</summary>
public sealed class OpenConnectionsTests
{
    private const int Share = 4;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact, Trait("Case", "H20")]
    public async Task One_network_holds_its_share_of_connections_a_named_one_ten_times_as_many_and_a_trusted_proxy_all_that_it_needs()
    {
        var log = new CapturedLog();
        await using var database = await TestDatabase.NewAsync(Directory.CreateTempSubdirectory("portal").FullName);
        await using var portal = await StartAsync(database, log);
        var port = new Uri(RunningPortal.AddressOf(portal)).Port;
        using var crowd = new Crowd(port);

        var held = await crowd.ConnectAsync("127.100.1.1", Share);
        var beyond = (await crowd.ConnectAsync("127.100.1.200", 1))[0];
        Assert.True(await IsCutAsync(beyond));
        Assert.Contains("127.100.1.0/24 holds as many connections", log.Text, StringComparison.Ordinal);
        await crowd.ConnectAsync("127.100.2.1", Share);
        await crowd.ConnectAsync("127.100.3.1", 20 * Share);
        Assert.True(await IsServedAsync(port, "127.100.2.1"));
        Assert.True(await IsServedAsync(port, "127.100.3.1"));
        Assert.True(await IsServedAsync(port, "127.100.4.1"));
        Assert.False(await IsServedAsync(port, "127.100.1.7"));

        held[0].Dispose();
        await Eventually.TrueAsync(() => IsServedAsync(port, "127.100.1.7"), TimeSpan.FromSeconds(20), "a place that was given back");
    }

    [Fact, Trait("Case", "H20")]
    public async Task Of_connections_that_wait_for_an_answer_the_oldest_of_the_busiest_network_makes_room_and_who_was_answered_stays()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var database = await TestDatabase.NewAsync(Directory.CreateTempSubdirectory("portal").FullName);
        await using var portal = await StartAsync(database, new CapturedLog(), clock, unanswered: Share);
        var port = new Uri(RunningPortal.AddressOf(portal)).Port;
        using var crowd = new Crowd(port);
        using var answered = await Crowd.ConnectAsync("127.100.4.1", port, Ct);
        await AskAsync(answered);

        var few = await crowd.ConnectAsync("127.100.5.1", 1);
        var many = new List<Socket>();
        for (var i = 1; i < Share; i++)
        {
            many.AddRange(await crowd.ConnectAsync("127.100.1.1", 1));
        }

        Assert.False(await IsServedAsync(port, "127.100.1.2"));
        Assert.True(await IsServedAsync(port, "127.100.6.1"));
        Assert.True(await IsCutAsync(many[0]));
        many.AddRange(await crowd.ConnectAsync("127.100.1.1", 1));
        clock.Advance(UnansweredConnections.Stalls);
        Assert.True(await IsServedAsync(port, "127.100.1.2"));
        Assert.True(await IsCutAsync(many[1]));
        await AskAsync(answered);
        await AskAsync(few[0]);
        await AskAsync(many[^1]);
    }

    /// <summary>And reads the whole answer.</summary>
    private static async Task AskAsync(Socket socket)
    {
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Ct);
        var answer = "";
        while (!answer.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var part = new byte[4096];
            var read = await socket.ReceiveAsync(part, Ct);
            Assert.NotEqual(0, read);
            answer += Encoding.ASCII.GetString(part, 0, read);
        }
    }

    /// <summary>Without TLS, whose hands must be shaken within seconds.</summary>
    private static Task<WebApplication> StartAsync(
        TestDatabase database,
        CapturedLog log,
        FakeTimeProvider? clock = null,
        int unanswered = 1_000
    ) =>
        RunningPortal.StartAsync(
            database.Folder,
            new Dictionary<string, string?>(database.Settings)
            {
                ["Portal:Origin"] = PortalHost.Origin,
                ["Urls"] = "https://127.0.0.1:0",
                ["Portal:LargeNetworks:0"] = "127.100.2.0/24",
                ["Portal:TrustedProxies:0"] = "127.100.3.0/24",
            },
            clock ?? new(TimeProvider.System.GetUtcNow()),
            log,
            builder =>
            {
                builder.Services.AddSingleton(
                    Limits.Standard with
                    {
                        ConnectionsOfNetwork = Limits.Standard.ConnectionsOfNetwork with { Most = Share },
                        UnansweredConnections = unanswered,
                    }
                );
                builder.Services.PostConfigure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            },
            cancellation: Ct
        );

    [Theory, Trait("Case", "H13")]
    [InlineData("2001:db8:1:{0:x}00::1", 4)]
    [InlineData("2001:db8:1:1{0:x2}::1", 2)]
    [InlineData("2001:db8:1:1::{0:x}", 1)]
    [InlineData("203.0.113.{0}", 1)]
    public void Who_has_many_addresses_holds_no_more_than_the_network_they_lie_in(string addresses, int shares)
    {
        var (places, share) = (new NetworkPlaces(), new Limit("test", 10, TimeSpan.FromMinutes(1)));

        var taken = Enumerable
            .Range(0, 200)
            .Count(n => places.TryEnter(share, NetworkPrefix.Of(IPAddress.Parse(string.Format(null, addresses, n)))) is not null);

        Assert.Equal(shares * share.Most, taken);
    }

    private static async Task<bool> IsServedAsync(int port, string from)
    {
        using var socket = await Crowd.ConnectAsync(from, port, Ct);
        try
        {
            await socket.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Ct);
        }
        catch (SocketException)
        {
            return false;
        }

        return !await IsCutAsync(socket);
    }

    private static async Task<bool> IsCutAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], Ct) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private sealed class Crowd(int port) : IDisposable
    {
        private readonly List<Socket> sockets = [];

        public async Task<IReadOnlyList<Socket>> ConnectAsync(string from, int howMany)
        {
            var all = await Task.WhenAll(Enumerable.Range(0, howMany).Select(_ => ConnectAsync(from, port, Ct)));
            sockets.AddRange(all);
            return all;
        }

        public static async Task<Socket> ConnectAsync(string from, int port, CancellationToken cancellation)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return socket;
        }

        public void Dispose() => sockets.ForEach(socket => socket.Dispose());
    }
}
