using System.Buffers.Binary;

namespace Agent.Directory.Accounts;

/// <summary>How often the password, or the lock, was ever written, as the directory itself counts (<c>replPropertyMetaData</c>, MS-DRSR 4.1.13.1).</summary>
/// <param name="Version">Rises by exactly one with each originating write; 0 = never.</param>
/// <param name="Origin">Invocation id of the controller of the last write.</param>
/// <param name="At">By that controller's clock; whole seconds.</param>
internal sealed record WriteCounter(uint Version, Guid Origin, DateTimeOffset At)
{
    /// <summary><c>unicodePwd</c>.</summary>
    public const uint OfPassword = 0x9005A;

    /// <summary><c>lockoutTime</c>.</summary>
    public const uint OfLock = 0x90296;

    private const int HeaderLength = 16;
    private const int EntryLength = 48;

    /// <summary>Null when the bytes are not what they should be; then nothing may be concluded.</summary>
    public static WriteCounter? Parse(ReadOnlySpan<byte> data, uint attribute = OfPassword)
    {
        if (data.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(data) != 1)
        {
            return null;
        }

        var count = BinaryPrimitives.ReadUInt32LittleEndian(data[8..]);
        if (data.Length != HeaderLength + (count * (long)EntryLength))
        {
            return null;
        }

        for (var at = HeaderLength; at < data.Length; at += EntryLength)
        {
            var entry = data.Slice(at, EntryLength);
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry) == attribute)
            {
                return new(
                    BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
                    new Guid(entry.Slice(16, 16)),
                    DateTimeOffset.FromFileTime(
                        (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]), MaxSeconds) * 10_000_000
                    )
                );
            }
        }

        return new(0, Guid.Empty, DateTimeOffset.FromFileTime(0));
    }

    /// <summary>The year 9000: what lies beyond is no time, and no time stops a reader.</summary>
    private const ulong MaxSeconds = 233_000_000_000;
}
