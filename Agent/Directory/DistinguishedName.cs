using System.Globalization;
using System.Text;

namespace Agent.Directory;

/// <summary>
/// A distinguished name taken apart, so that "lies below" is decided by names and not by text: other escapes, quotation marks, case and spaces
/// around separators are the same name (H59).
/// </summary>
internal sealed class DistinguishedName
{
    /// <summary>From the object up to the root; each <c>type=value</c>, unescaped, both parts upper case.</summary>
    private readonly IReadOnlyList<string> parts;

    /// <param name="pairs">From the object up to the root, unescaped.</param>
    public DistinguishedName(IReadOnlyList<(string Type, string Value)> pairs)
    {
        parts = [.. pairs.Select(pair => $"{pair.Type.ToUpperInvariant()}={pair.Value.ToUpperInvariant()}")];
        Text = string.Join(',', pairs.Select(pair => $"{pair.Type}={Escape(pair.Value)}"));
    }

    /// <summary>The one form that every directory takes (RFC 4514), however it was written.</summary>
    public string Text { get; }

    public static DistinguishedNameReading Read(string text) => new DistinguishedNameReader(text).Read();

    /// <summary>Null for what is no distinguished name, or an empty one.</summary>
    public static DistinguishedName? TryParse(string text) => (Read(text) as DistinguishedNameReading.Good)?.Name;

    public bool IsOrLiesBelow(DistinguishedName other) =>
        parts.Count >= other.parts.Count && parts.Skip(parts.Count - other.parts.Count).SequenceEqual(other.parts, StringComparer.Ordinal);

    private static string Escape(string value)
    {
        var escaped = new StringBuilder(value.Length);
        for (var at = 0; at < value.Length; at++)
        {
            var c = value[at];
            if (char.IsControl(c))
            {
                foreach (var octet in Encoding.UTF8.GetBytes([c]))
                {
                    escaped.Append(CultureInfo.InvariantCulture, $"\\{octet:X2}");
                }

                continue;
            }

            var isAtAnEnd = (c is ' ' or '#' && at == 0) || (c == ' ' && at == value.Length - 1);
            escaped.Append(isAtAnEnd || DistinguishedNameReader.Special.Contains(c) ? $"\\{c}" : c.ToString());
        }

        return escaped.ToString();
    }
}

internal abstract record DistinguishedNameReading
{
    private DistinguishedNameReading() { }

    public sealed record Good(DistinguishedName Name) : DistinguishedNameReading;

    /// <param name="Position">Of the character that is wrong; the first one is 1.</param>
    /// <param name="Why">A half-sentence that says what to write.</param>
    public sealed record Wrong(int Position, string Why) : DistinguishedNameReading;
}
