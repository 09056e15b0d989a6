using System.Security.Principal;
using Amqp;
using Amqp.Listener;

namespace PortalApp.Relay;

/// <summary>An AMQP transport over a duplex stream that says who the peer is; the stream's owner lets it go after <see cref="Closed"/>.</summary>
internal sealed class RelayTransport(Stream stream, RelayPeer peer) : IAsyncTransport, IAuthenticated
{
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when either side is done; the stream's owner then lets it go.</summary>
    public Task Closed => closed.Task;

    /// <summary>Set when the AMQP connection was made over this transport.</summary>
    public Connection? Connection { get; private set; }

    public IPrincipal Principal => peer;

    public void SetConnection(Connection connection) => Connection = connection;

    public async Task SendAsync(IList<ByteBuffer> bufferList, int listSize)
    {
        foreach (var buffer in bufferList)
        {
            await stream.WriteAsync(buffer.Buffer.AsMemory(buffer.Offset, buffer.Length));
        }

        await stream.FlushAsync();
    }

    public Task<int> ReceiveAsync(byte[] buffer, int offset, int count) => stream.ReadAsync(buffer, offset, count);

    public void Close() => closed.TrySetResult();

    void ITransport.Send(ByteBuffer buffer) => throw new NotSupportedException("Only the asynchronous half is used.");

    int ITransport.Receive(byte[] buffer, int offset, int count) => throw new NotSupportedException("Only the asynchronous half is used.");
}
