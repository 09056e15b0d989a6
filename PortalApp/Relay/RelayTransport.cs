using System.Security.Principal;
using Amqp;
using Amqp.Listener;

namespace PortalApp.Relay;

/// <summary>A connection past its SASL exchange, as the library's transport: a stream that says whose it is.</summary>
internal sealed class RelayTransport(Stream stream, RelayIdentity identity) : IAsyncTransport, IAuthenticated
{
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IPrincipal Principal => identity;

    public RelayIdentity Identity => identity;

    public Task Closed => closed.Task;

    public void SetConnection(Connection connection) { }

    public async Task SendAsync(IList<ByteBuffer> bufferList, int listSize)
    {
        foreach (var buffer in bufferList)
        {
            await stream.WriteAsync(buffer.Buffer.AsMemory(buffer.Offset, buffer.Length));
        }
    }

    public Task<int> ReceiveAsync(byte[] buffer, int offset, int count) => stream.ReadAsync(buffer, offset, count);

    public void Send(ByteBuffer buffer) => stream.Write(buffer.Buffer, buffer.Offset, buffer.Length);

    public int Receive(byte[] buffer, int offset, int count) => stream.Read(buffer, offset, count);

    public void Close() => closed.TrySetResult();
}
