using System.Globalization;
using System.Text;

namespace Agent.Directory;

/// <summary>
/// A distinguished name taken apart (RFC 4514), so that "lies below" is decided by names and not by text: other escapes, case and spaces
/// around separators are the same name (H59).
/// </summary>
internal sealed class DistinguishedName
{
    /// <summary>From the object up to the root; each <c>type=value</c>, unescaped, both parts upper case.</summary>
    private readonly IReadOnlyList<string> parts;

    private DistinguishedName(IReadOnlyList<string> parts) => this.parts = parts;

    /// <summary>Null for what is no distinguished name, or an empty one.</summary>
    public static DistinguishedName? TryParse(string text)
    {
        var parts = new List<string>();
        var at = 0;
        while (at <= text.Length)
        {
            var equals = text.IndexOf('=', at);
            if (equals < 0 || ReadValue(text, equals + 1) is not var (value, end))
            {
                return null;
            }

            var type = text[at..equals].Trim();
            if (type.Length == 0 || !type.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'))
            {
                return null;
            }

            parts.Add($"{type.ToUpperInvariant()}={value.ToUpperInvariant()}");
            at = end + 1;
        }

        return new(parts);
    }

    public bool IsOrLiesBelow(DistinguishedName other) =>
        parts.Count >= other.parts.Count && parts.Skip(parts.Count - other.parts.Count).SequenceEqual(other.parts, StringComparer.Ordinal);

    /// <summary>Reads to the next unescaped comma or the end. A <c>+</c> stays part of the value: Active Directory has no multi-valued names.</summary>
    private static (string Value, int End)? ReadValue(string text, int start)
    {
        var bytes = new List<byte>();
        var keep = 0;
        var at = start;
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }

        for (; at < text.Length && text[at] is not (',' or ';'); at++)
        {
            if (text[at] != '\\')
            {
                var length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(at, length)));
                keep = text[at] == ' ' ? keep : bytes.Count;
                at += length - 1;
                continue;
            }

            if (at + 1 == text.Length)
            {
                return null;
            }

            if (
                at + 2 < text.Length
                && byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet)
            )
            {
                bytes.Add(octet);
                at += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(at + 1, 1)));
                at++;
            }

            keep = bytes.Count;
        }

        return keep == 0 ? null : (Encoding.UTF8.GetString([.. bytes.Take(keep)]), at);
    }
}
