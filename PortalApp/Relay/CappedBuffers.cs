using Amqp;
using Portal.Relay;

namespace PortalApp.Relay;

/// <summary>The library enforces no message size: a peer that makes it buffer more than this loses its connection.</summary>
internal sealed class CappedBuffers : IBufferManager
{
    public ArraySegment<byte> TakeBuffer(int bufferSize) =>
        bufferSize <= RelayLimits.MaxBufferBytes
            ? new ArraySegment<byte>(new byte[bufferSize])
            : throw new InvalidOperationException("A peer of the relay sent more than may be buffered.");

    public void ReturnBuffer(ArraySegment<byte> buffer) { }
}
