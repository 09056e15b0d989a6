using System.Security.Cryptography;
using System.Text;
using Portal.Relay;

namespace PortalApp.Relay.Handshakes;

/// <summary>
/// SASL PLAIN at the relay's end (AMQP 1.0 §5.3, RFC 4616), before the AMQP library sees the connection: it has no deadline, keeps one identity
/// for all connections, and would read frames of any size from a stranger.
/// </summary>
internal static class SaslHandshake
{
    /// <summary>SASL outcome codes (AMQP 1.0 §5.3.3.6).</summary>
    public const byte Ok = 0;
    public const byte WrongCredentials = 1;
    public const byte TryLater = 4;

    private const string Mechanism = "PLAIN";

    private static readonly byte[] header = [.. "AMQP"u8, 3, 1, 0, 0];

    /// <summary>sasl-mechanisms with an array of one symbol.</summary>
    private static readonly byte[] mechanisms =
    [
        .. (byte[])[0, 0, 0, 24, 2, 1, 0, 0],
        .. (byte[])[0x00, 0x53, 0x40, 0xc0, 11, 1, 0xe0, 8, 1, 0xa3, 5],
        .. Encoding.ASCII.GetBytes(Mechanism),
    ];

    /// <summary>Null where the peer does not speak SASL PLAIN; nothing is answered but, by the standard, our own header.</summary>
    public static async Task<SaslCredentials?> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var theirs = new byte[header.Length];
        await stream.ReadExactlyAsync(theirs, cancellation);
        await stream.WriteAsync(header, cancellation);
        if (!theirs.AsSpan().SequenceEqual(header))
        {
            return null;
        }

        await stream.WriteAsync(mechanisms, cancellation);
        var frame = await ReadFrameAsync(stream, cancellation);
        try
        {
            return frame is null ? null : Credentials(SaslInitFrame.TryRead(frame, Mechanism));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(frame);
        }
    }

    public static Task AnswerAsync(Stream stream, byte outcome, CancellationToken cancellation) =>
        stream.WriteAsync((byte[])[0, 0, 0, 16, 2, 1, 0, 0, 0x00, 0x53, 0x44, 0xc0, 3, 1, 0x50, outcome], cancellation).AsTask();

    private static async Task<byte[]?> ReadFrameAsync(Stream stream, CancellationToken cancellation)
    {
        var size = new byte[4];
        await stream.ReadExactlyAsync(size, cancellation);
        var length = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(size);
        if (length is < 8 or > RelayLimits.MaxSaslFrameBytes)
        {
            return null;
        }

        var frame = new byte[length - size.Length];
        await stream.ReadExactlyAsync(frame, cancellation);
        return frame;
    }

    /// <summary><c>[authzid] NUL authcid NUL passwd</c>; to act for another is not granted.</summary>
    private static SaslCredentials? Credentials(ReadOnlySpan<byte> response)
    {
        var first = response.IndexOf((byte)0);
        if (first < 0)
        {
            return null;
        }

        var second = response[(first + 1)..].IndexOf((byte)0);
        if (second <= 0)
        {
            return null;
        }

        var acting = response[..first];
        var user = response.Slice(first + 1, second);
        var secret = response[(first + second + 2)..];
        return secret.IsEmpty || !(acting.IsEmpty || acting.SequenceEqual(user)) || !Ascii.IsValid(user)
            ? null
            : new(Encoding.ASCII.GetString(user), SHA256.HashData(secret));
    }
}

internal sealed record SaslCredentials(string User, byte[] SecretSha256);
