using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Agent.Directory;

/// <summary>A security identifier (MS-DTYP 2.4.2), kept in its one text form <c>S-1-5-21-…</c>.</summary>
internal readonly record struct Sid
{
    private Sid(string value) => Value = value;

    public string Value { get; }

    /// <summary>The last number; 0 for a SID without one.</summary>
    public uint Rid => uint.TryParse(Value.AsSpan(Value.LastIndexOf('-') + 1), CultureInfo.InvariantCulture, out var rid) ? rid : 0;

    /// <summary>Issued by some domain: the RIDs below 1000 mean the same in all of them.</summary>
    public bool IsOfDomain => Value.StartsWith("S-1-5-21-", StringComparison.Ordinal);

    public bool IsBuiltin => Value.StartsWith("S-1-5-32-", StringComparison.Ordinal);

    public static Sid? FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 12 || bytes[0] != 1 || bytes.Length != 8 + (4 * bytes[1]))
        {
            return null;
        }

        var authority = 0UL;
        foreach (var part in bytes[2..8])
        {
            authority = (authority << 8) | part;
        }

        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"S-1-{authority}");
        for (var at = 8; at < bytes.Length; at += 4)
        {
            text.Append(CultureInfo.InvariantCulture, $"-{BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..])}");
        }

        return new(text.ToString());
    }

    public static Sid? TryParse(string text)
    {
        var parts = text.Trim().Split('-');
        if (parts.Length < 4 || !string.Equals(parts[0], "S", StringComparison.OrdinalIgnoreCase) || parts[1] != "1")
        {
            return null;
        }

        var numbers = new List<ulong>();
        foreach (var part in parts[2..])
        {
            if (!ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            numbers.Add(number);
        }

        return numbers.Skip(1).Any(n => n > uint.MaxValue) ? null : new($"S-1-{string.Join('-', numbers)}");
    }

    public override string ToString() => Value;
}
