using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Portal.Relay;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Benchmarks;

/// <summary>Two thousand connections that stall, each at another point, from fifty networks: what they cost the portal, and what others notice.</summary>
internal static class HostileBench
{
    private const int OfEachKind = 500;
    private const int Networks = 50;
    private const int Pages = 300;

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        await using var forests = new ForestFixture();
        var certificates = await forests.CertificatesAsync();
        var folder = Directory.CreateTempSubdirectory("hostile").FullName;
        await using var portal = new PortalProcess(folder, Path.Combine(folder, "portal.log"), Loopback.FreePort(), certificates);
        await portal.StartAsync(cancellation);
        using var anna = certificates.CreateClient(portal.Origin, from: IPAddress.Parse("127.200.1.1"));
        await PageMillisecondsAsync(anna, cancellation);
        var (before, calm) = (ResidentMebibytes(portal), await PageMillisecondsAsync(anna, cancellation));

        var stalled = new List<Stream>();
        foreach (var words in Kinds)
        {
            for (var i = 0; i < OfEachKind; i++)
            {
                stalled.Add(await StallAsync(portal.Origin.Port, i % Networks, words, certificates, cancellation));
            }
        }

        var (after, beside) = (ResidentMebibytes(portal), await PageMillisecondsAsync(anna, cancellation));
        stalled.ForEach(connection => connection.Dispose());
        report.Add("hostile.stalled_memory", after - before, "MiB (≤ 50)");
        report.Add("hostile.page_p95_calm", calm, "ms");
        report.Add("hostile.page_p95_beside_2000", beside, "ms");
        Directory.Delete(folder, recursive: true);
        await MailBench.RunAsync(report, certificates, cancellation);
    }

    /// <summary>What each says before it stalls; null: not even the first byte of TLS.</summary>
    private static readonly string?[] Kinds =
    [
        null,
        "GET /reset HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        "POST /reset HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000\r\n\r\nname=",
        $"GET {RelayLimits.Path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Protocol: {RelayLimits.SubProtocol}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    ];

    private static async Task<Stream> StallAsync(
        int port,
        int network,
        string? words,
        TestCertificates certificates,
        CancellationToken cancellation
    )
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(new IPAddress([127, 100, (byte)network, 1]), 0));
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
        var stream = new NetworkStream(socket, ownsSocket: true);
        if (words is null)
        {
            return stream;
        }

        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = certificates.Trust },
                cancellation
            );
            await tls.WriteAsync(Encoding.ASCII.GetBytes(words), cancellation);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // Turned away: that is an answer too.
        }

        return tls;
    }

    /// <summary>The 95th percentile.</summary>
    private static async Task<double> PageMillisecondsAsync(HttpClient client, CancellationToken cancellation)
    {
        var times = new List<double>();
        for (var page = 0; page < Pages; page++)
        {
            var clock = Stopwatch.StartNew();
            using var answer = await client.GetAsync(new Uri("/reset", UriKind.Relative), cancellation);
            answer.EnsureSuccessStatusCode();
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        return times.Order().ElementAt((int)(Pages * 0.95));
    }

    private static double ResidentMebibytes(PortalProcess portal)
    {
        var line = File.ReadLines($"/proc/{portal.Process!.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }
}
