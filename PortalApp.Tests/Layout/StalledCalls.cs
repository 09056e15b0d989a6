using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portal.Relay;

namespace PortalApp.Tests.Layout;

/// <summary>Connections from fifty networks that begin, each at another point, and do not go on.</summary>
internal sealed class StalledCalls : IDisposable
{
    private const int Networks = 50;
    private const int AtOnce = 32;

    /// <summary>
    /// What each kind says before it stalls: a relay's WebSocket without the first byte of SASL, headers, a body, not even the first byte of TLS. The
    /// sooner one is cut off, the later it begins, so that all stall at once.
    /// </summary>
    public static readonly string?[] Kinds =
    [
        $"GET {RelayLimits.Path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Protocol: {RelayLimits.SubProtocol}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        "GET /reset HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        "POST /reset HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000\r\n\r\nname=",
        null,
    ];

    private readonly ConcurrentBag<Stream> calls = [];

    public static async Task<StalledCalls> BeginAsync(int ofEachKind, int port, X509ChainPolicy trust, CancellationToken cancellation)
    {
        var stalled = new StalledCalls();
        var all = Kinds.SelectMany(words => Enumerable.Range(0, ofEachKind).Select(n => (Words: words, Network: n % Networks)));
        await Parallel.ForEachAsync(
            all,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (one, ct) => stalled.calls.Add(await BeginAsync(one.Words, one.Network, port, trust, ct))
        );
        return stalled;
    }

    public static async Task<Stream> BeginAsync(string? words, int network, int port, X509ChainPolicy trust, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(new IPAddress([127, 100, (byte)network, 1]), 0));
        Stream stream = Stream.Null;
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (words is not null)
            {
                var tls = new SslStream(stream);
                stream = tls;
                var options = new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = trust };
                await tls.AuthenticateAsClientAsync(options, cancellation);
                await tls.WriteAsync(Encoding.ASCII.GetBytes(words), cancellation);
            }
        }
        catch (Exception e) when (e is IOException or AuthenticationException or SocketException)
        {
            // Turned away: that is an answer too.
        }

        return stream;
    }

    public void Dispose()
    {
        foreach (var stream in calls)
        {
            stream.Dispose();
        }
    }
}
