using System.Net.Security;
using System.Net.Sockets;
using System.Text;
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
