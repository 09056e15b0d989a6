using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Relay;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.Layout;

/// <summary>Callers who begin and do not go on hold a place for seconds, not minutes.</summary>
public sealed class StalledCallTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("GET /reset HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")]
    [InlineData(
        "POST /reset HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000\r\n\r\nname="
    )]
    public async Task Who_does_not_go_on_is_cut_off_within_twenty_seconds(string? words)
    {
        await using var portal = await ResetPortal.StartAsync();
        using var connection = new TcpClient();
        await connection.ConnectAsync("localhost", portal.Address.Port, Ct);
        Stream stream = connection.GetStream();
        if (words is not null)
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = portal.Trust },
                Ct
            );
            await tls.WriteAsync(Encoding.ASCII.GetBytes(words), Ct);
            stream = tls;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(20));

        await ReadToTheEndAsync(stream, patience.Token);
    }

    [Fact]
    public async Task Two_thousand_stalled_connections_leave_the_page_to_everybody_else()
    {
        await using var portal = await ResetPortal.StartAsync();
        var stalled = new List<TcpClient>();
        try
        {
            for (var n = 0; n < 2000; n++)
            {
                stalled.Add(new TcpClient());
                await stalled[^1].ConnectAsync("localhost", portal.Address.Port, Ct);
            }

            using var http = portal.NewClient();
            using var page = await http.GetAsync("/reset", Ct);

            Assert.True(page.IsSuccessStatusCode);
        }
        finally
        {
            stalled.ForEach(connection => connection.Dispose());
        }
    }

    [Fact]
    public async Task Connections_are_bounded_and_the_relay_is_never_short_of_one()
    {
        await using var portal = await PortalHost.StartAsync();
        var limits = portal.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.InRange(limits.MaxConcurrentConnections ?? long.MaxValue, 5_000, 20_000);
        Assert.Equal(
            RelayLimits.MaxConnections + RelayLimits.MaxHandshakes + RelayLimits.ReservedHandshakes,
            limits.MaxConcurrentUpgradedConnections
        );
    }

    private static async Task ReadToTheEndAsync(Stream stream, CancellationToken cancellation)
    {
        var rest = new byte[4096];
        try
        {
            while (await stream.ReadAsync(rest, cancellation) > 0) { }
        }
        catch (IOException)
        {
            // Cut without a word.
        }
    }
}
