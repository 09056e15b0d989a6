using System.Net;
using System.Net.Sockets;

namespace PortalApp.Tests.Fixtures;

/// <summary>
/// A way to a TCP service that a test can cut: it listens on another port of the same address, so that certificates still fit, and passes bytes on
/// until told otherwise.
/// </summary>
internal sealed class CuttableLink : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly IPEndPoint target;
    private readonly CancellationTokenSource stopping = new();
    private readonly List<Socket> open = [];
    private readonly Task accepting;

    public CuttableLink(IPAddress address, int targetPort)
    {
        target = new(address, targetPort);
        listener = new(address, 0);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What the client says goes nowhere; it sees an open connection.</summary>
    public bool DropsRequests { get; set; }

    /// <summary>What the service answers goes nowhere.</summary>
    public bool DropsAnswers { get; set; }

    /// <summary>New connections are refused at once.</summary>
    public bool Refuses { get; set; }

    public long BytesFromClient { get; private set; }

    /// <summary>That were let through, ever.</summary>
    public int Connections { get; private set; }

    /// <summary>Ends every connection that is open now.</summary>
    public void Cut()
    {
        lock (open)
        {
            open.ForEach(socket => socket.Dispose());
            open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        Cut();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(stopping.Token);
                if (Refuses)
                {
                    client.Dispose();
                    continue;
                }

                Connections++;

                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                lock (open)
                {
                    open.AddRange([client, server]);
                }

                await server.ConnectAsync(target, stopping.Token);
                _ = PassAsync(client, server, fromClient: true);
                _ = PassAsync(server, client, fromClient: false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The link is taken down.
        }
    }

    private async Task PassAsync(Socket from, Socket to, bool fromClient)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, stopping.Token) is > 0 and var count)
            {
                if (fromClient)
                {
                    BytesFromClient += count;
                }

                if (!(fromClient ? DropsRequests : DropsAnswers))
                {
                    await to.SendAsync(buffer.AsMemory(0, count), stopping.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut on purpose.
        }
        finally
        {
            to.Dispose();
        }
    }
}
