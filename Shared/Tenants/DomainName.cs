using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Portal.Tenants.Names;

namespace Portal.Tenants;

/// <summary>
/// The domain part of a user principal name in one form, however it is typed (IDNA, RFC 5891): lower case, each label in its own letters where
/// they are safe to show, else as <c>xn--</c>. So two spellings are one domain, and a look-alike is seen to be another.
/// </summary>
public static partial class DomainName
{
    private const int MaxLength = 253;
    private const string Encoded = "xn--";
    private static readonly IdnMapping Punycode = new();

    /// <summary>Null for what the domain name system could not hold, and for a name without a dot.</summary>
    public static string? TryParse(string? typed) => Read(typed).Value;

    public static NameReading<string> Read(string? typed) => OfMapped(UsernameProfile.MapWidth((typed ?? "").Trim()));

    /// <param name="text">Of one width, without edge spaces.</param>
    internal static NameReading<string> OfMapped(string text)
    {
        List<Label> labels = [];

        // The ideographic full stop separates as well (RFC 5895 §2).
        foreach (var part in text.Replace('\u3002', '.').Split('.'))
        {
            var reading = ReadLabel(part);
            if (reading is not NameReading<Label>.Read(var label))
            {
                return reading.Refused<string>();
            }

            labels.Add(label);
        }

        return labels.Count > 1 && labels.Sum(l => l.Ascii.Length) + labels.Count - 1 <= MaxLength
            ? new NameReading<string>.Read(string.Join('.', labels.Select(l => l.Shown)))
            : new NameReading<string>.NotOne();
    }

    private static NameReading<Label> ReadLabel(string typed)
    {
        var reading = UsernameProfile.Enforce(typed);
        if (reading is not NameReading<string>.Read(var text))
        {
            return reading.Refused<Label>();
        }

        // RFC 5891 §4.2.3: a hyphen at an edge, or a mark that stands on nothing.
        if (text[0] == '-' || text[^1] == '-' || Rune.GetUnicodeCategory(Rune.GetRuneAt(text, 0)) is UnicodeCategory.NonSpacingMark)
        {
            return new NameReading<Label>.NotOne();
        }

        if (text.FirstOrDefault(c => char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c) && c != '-') is not '\0' and var sign)
        {
            return new NameReading<Label>.Forbidden(new Rune(sign));
        }

        return (Ascii.IsValid(text), text.StartsWith(Encoded, StringComparison.Ordinal)) switch
        {
            (true, false) => LabelOf(text, text),
            (true, true) => Decode(text),
            _ => Encode(text),
        };
    }

    /// <summary>Only what would be encoded so again (RFC 5891 §5.3–5.5): an encoded label is no second spelling of another.</summary>
    private static NameReading<Label> Decode(string ascii)
    {
        try
        {
            var text = Punycode.GetUnicode(ascii);
            return !Ascii.IsValid(text) && ReadLabel(text) is NameReading<Label>.Read({ Ascii: var again }) read && again == ascii
                ? read
                : new NameReading<Label>.NotOne();
        }
        catch (ArgumentException)
        {
            return new NameReading<Label>.NotOne();
        }
    }

    private static NameReading<Label> Encode(string text)
    {
        try
        {
            var ascii = Punycode.GetAscii(text);
            return Punycode.GetUnicode(ascii) == text
                ? LabelOf(ascii, ShownLabel.IsSafe(text) ? text : ascii)
                : new NameReading<Label>.NotOne();
        }
        catch (ArgumentException)
        {
            return new NameReading<Label>.NotOne();
        }
    }

    private static NameReading<Label> LabelOf(string ascii, string shown) =>
        Form().IsMatch(ascii) ? new NameReading<Label>.Read(new(ascii, shown)) : new NameReading<Label>.NotOne();

    /// <summary>RFC 1123 §2.1.</summary>
    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    private sealed record Label(string Ascii, string Shown);
}
