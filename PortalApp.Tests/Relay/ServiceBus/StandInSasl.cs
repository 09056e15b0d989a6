using System.Buffers.Binary;
using System.Text;

namespace PortalApp.Tests.Relay.ServiceBus;

/// <summary>SASL as the service has it: MSSBCBS alone, which says nothing; who it is shows by a token later.</summary>
internal static class StandInSasl
{
    private static readonly byte[] header = [.. "AMQP"u8, 3, 1, 0, 0];

    private static readonly byte[] mechanisms =
    [
        .. (byte[])[0, 0, 0, 26, 2, 1, 0, 0],
        .. (byte[])[0x00, 0x53, 0x40, 0xc0, 13, 1, 0xe0, 10, 1, 0xa3, 7],
        .. Encoding.ASCII.GetBytes("MSSBCBS"),
    ];

    public static async Task AnswerAsync(Stream stream, CancellationToken cancellation)
    {
        await stream.ReadExactlyAsync(new byte[header.Length], cancellation);
        await stream.WriteAsync(header, cancellation);
        await stream.WriteAsync(mechanisms, cancellation);
        var size = new byte[4];
        await stream.ReadExactlyAsync(size, cancellation);
        await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadUInt32BigEndian(size) - size.Length], cancellation);
        await stream.WriteAsync((byte[])[0, 0, 0, 16, 2, 1, 0, 0, 0x00, 0x53, 0x44, 0xc0, 3, 1, 0x50, 0], cancellation);
    }
}
