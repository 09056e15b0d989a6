using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Amqp;
using Amqp.Sasl;
using Amqp.Types;

namespace PortalApp.Relay;

/// <summary>The server's half of one SASL PLAIN exchange over AMQP (OASIS AMQP 1.0 §5.3, RFC 4616), before the library sees the connection.</summary>
internal static class SaslPlain
{
    private const int MaxFrame = 1024;
    private const byte SaslFrame = 1;
    private static readonly byte[] ProtocolHeader = [(byte)'A', (byte)'M', (byte)'Q', (byte)'P', 3, 1, 0, 0];

    /// <summary>The library learns a type's code when it is first made; a cold process would not know what a client sends.</summary>
    static SaslPlain() => _ = (new SaslInit(), new SaslMechanisms(), new SaslOutcome());

    /// <summary>Null for whoever may not enter; the peer was told so where it spoke SASL at all.</summary>
    public static async Task<RelayIdentity?> AuthenticateAsync(Stream stream, RelayCredentialCheck check, CancellationToken ct)
    {
        var header = new byte[ProtocolHeader.Length];
        await stream.ReadExactlyAsync(header, ct);
        if (!header.AsSpan().SequenceEqual(ProtocolHeader))
        {
            return null;
        }

        await stream.WriteAsync(ProtocolHeader, ct);
        await WriteAsync(stream, new SaslMechanisms { SaslServerMechanisms = ["PLAIN"] }, ct);
        if (await ReadAsync(stream, ct) is not SaslInit init || (string)init.Mechanism != "PLAIN")
        {
            return null;
        }

        var identity = await CheckAsync(init.InitialResponse, check, ct);
        await WriteAsync(stream, new SaslOutcome { Code = identity is null ? SaslCode.Auth : SaslCode.Ok }, ct);
        return identity;
    }

    private static async Task<RelayIdentity?> CheckAsync(byte[]? response, RelayCredentialCheck check, CancellationToken ct)
    {
        if (response is null)
        {
            return null;
        }

        var second = Array.LastIndexOf(response, (byte)0);
        var first = Array.IndexOf(response, (byte)0);
        if (first < 0 || second <= first)
        {
            return null;
        }

        var user = Encoding.UTF8.GetString(response, first + 1, second - first - 1);
        return await check(user, SHA256.HashData(response.AsSpan(second + 1)), ct);
    }

    private static async Task WriteAsync(Stream stream, DescribedList performative, CancellationToken ct)
    {
        var body = new ByteBuffer(256, autoGrow: true);
        performative.Encode(body);
        var frame = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        (frame[4], frame[5]) = (2, SaslFrame);
        body.Buffer.AsSpan(body.Offset, body.Length).CopyTo(frame.AsSpan(8));
        await stream.WriteAsync(frame, ct);
    }

    private static async Task<object?> ReadAsync(Stream stream, CancellationToken ct)
    {
        var start = new byte[8];
        await stream.ReadExactlyAsync(start, ct);
        var size = BinaryPrimitives.ReadInt32BigEndian(start);
        if (size is < 8 or > MaxFrame || start[4] != 2 || start[5] != SaslFrame)
        {
            return null;
        }

        var body = new byte[size - 8];
        await stream.ReadExactlyAsync(body, ct);
        return Amqp.Types.Encoder.ReadObject(new ByteBuffer(body, 0, body.Length, body.Length));
    }
}
