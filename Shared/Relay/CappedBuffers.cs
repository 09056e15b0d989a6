using Amqp;

namespace Portal.Relay;

/// <summary>
/// The AMQP library's buffers with an upper bound. It enforces no message size itself: a message's frames are collected for as long as they
/// come. What asks for more than the bound gets an exception, and the library closes the connection.
/// </summary>
public sealed class CappedBuffers(int maxBytes) : IBufferManager
{
    public ArraySegment<byte> TakeBuffer(int bufferSize) =>
        bufferSize <= maxBytes
            ? new(new byte[bufferSize])
            : throw new AmqpException(ErrorCode.MessageSizeExceeded, $"A message is larger than {maxBytes} bytes.");

    public void ReturnBuffer(ArraySegment<byte> buffer)
    {
        // Collected with the message; a pool would hand sealed bytes to the next connection.
    }
}
