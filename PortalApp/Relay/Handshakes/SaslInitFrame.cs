using System.Buffers.Binary;

namespace PortalApp.Relay.Handshakes;

/// <summary>
/// The one frame that is read from a stranger: <c>sasl-init</c> (AMQP 1.0 §5.3.3.2), as little of the type system as it takes. The frame is
/// under 512 bytes, so every length in it is checked against what is there.
/// </summary>
internal static class SaslInitFrame
{
    private const byte Code = 0x41;

    /// <param name="frame">Without its four bytes of size.</param>
    /// <returns>The initial response; empty unless the frame is a sasl-init of this mechanism.</returns>
    public static ReadOnlySpan<byte> TryRead(ReadOnlySpan<byte> frame, string mechanism)
    {
        var (dataOffset, type) = (frame[0], frame[1]);
        if (dataOffset < 2 || type != 1 || frame.Length < (dataOffset * 4) - 4)
        {
            return [];
        }

        var rest = frame[((dataOffset * 4) - 4)..];
        return
            TrySkipDescriptor(ref rest)
            && TrySkipListHeader(ref rest)
            && TryReadBytes(rest, 0xa3, 0xb3, out var name, out rest)
            && System.Text.Ascii.Equals(name, mechanism)
            && TryReadBytes(rest, 0xa0, 0xb0, out var response, out _)
            ? response
            : [];
    }

    private static bool TrySkipDescriptor(ref ReadOnlySpan<byte> rest)
    {
        if (rest is [0x00, 0x53, Code, ..])
        {
            rest = rest[3..];
            return true;
        }

        if (rest is [0x00, 0x80, 0, 0, 0, 0, 0, 0, 0, Code, ..])
        {
            rest = rest[10..];
            return true;
        }

        return false;
    }

    /// <summary>list8 or list32 of at least two fields.</summary>
    private static bool TrySkipListHeader(ref ReadOnlySpan<byte> rest)
    {
        var length = rest switch
        {
            [0xc0, _, >= 2, ..] => 3,
            [0xd0, _, _, _, _, 0, 0, 0, >= 2, ..] => 9,
            _ => 0,
        };
        rest = rest[length..];
        return length > 0;
    }

    private static bool TryReadBytes(
        ReadOnlySpan<byte> rest,
        byte shortForm,
        byte longForm,
        out ReadOnlySpan<byte> value,
        out ReadOnlySpan<byte> after
    )
    {
        value = [];
        after = [];
        var (start, length) = rest switch
        {
            [var form, var size, ..] when form == shortForm => (2, size),
            [var form, _, _, _, _, ..] when form == longForm => (5, BinaryPrimitives.ReadUInt32BigEndian(rest[1..])),
            _ => (0, 0u),
        };
        if (start == 0 || length > rest.Length - start)
        {
            return false;
        }

        value = rest.Slice(start, (int)length);
        after = rest[(start + (int)length)..];
        return true;
    }
}
