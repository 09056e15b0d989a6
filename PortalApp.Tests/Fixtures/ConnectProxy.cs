using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PortalApp.Tests.Fixtures;

/// <summary>An HTTP proxy that knows <c>CONNECT</c> alone (RFC 9110 §9.3.6), as the one way out of an organisation; the names beyond it are the test's.</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly IReadOnlyDictionary<string, int> beyond;
    private readonly ConcurrentQueue<string> asked = [];
    private readonly Task accepting;

    /// <param name="beyond">By what is asked for, such as <c>bus.example:443</c>: the port on this machine that answers for it.</param>
    public ConnectProxy(IReadOnlyDictionary<string, int> beyond)
    {
        this.beyond = beyond;
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Whatever was asked for, also what was refused.</summary>
    public IReadOnlyCollection<string> Asked => asked;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting.ContinueWith(_ => { }, TaskScheduler.Default);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = ServeAsync(await listener.AcceptTcpClientAsync(stop.Token));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient { NoDelay = true };
        try
        {
            var stream = near.GetStream();
            var request = (await ReadHeadAsync(stream)).Split(' ');
            asked.Enqueue($"{request[0]} {request[1]}");
            if (request[0] != "CONNECT" || !beyond.TryGetValue(request[1], out var port))
            {
                await stream.WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stop.Token);
                return;
            }

            await far.ConnectAsync(IPAddress.Loopback, port, stop.Token);
            await stream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), stop.Token);
            await Task.WhenAny(stream.CopyToAsync(far.GetStream(), stop.Token), far.GetStream().CopyToAsync(stream, stop.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One side is gone.
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, stop.Token);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
