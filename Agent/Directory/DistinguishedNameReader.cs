using System.Globalization;
using System.Text;

namespace Agent.Directory;

/// <summary>
/// Reads a name's text form (RFC 4514), and the older one with values in quotation marks, semicolons and spaces around separators that its
/// predecessor had to take (RFC 2253 section 4).
/// </summary>
internal sealed class DistinguishedNameReader(string text)
{
    /// <summary>Stand for themselves behind a backslash only.</summary>
    public const string Special = "\"+,;<>=\\";

    private int at;
    private DistinguishedNameReading.Wrong? wrong;

    public DistinguishedNameReading Read()
    {
        var pairs = new List<(string, string)>();
        do
        {
            if (ReadType() is not { } type || ReadValue() is not { } value)
            {
                return wrong!;
            }

            pairs.Add((type, value));
        } while (at++ < text.Length);

        return new DistinguishedNameReading.Good(new(pairs));
    }

    private string? ReadType()
    {
        SkipSpaces();
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '.'))
        {
            at++;
        }

        var type = text[start..at];
        SkipSpaces();
        if (type.Length == 0 || at == text.Length || text[at] != '=')
        {
            at = start;
            return Fail("no \"type=\" stands there; a comma within a name is written \\, (in JSON \\\\,)");
        }

        at++;
        return type;
    }

    /// <summary>Reads up to the separator behind it, or to the end.</summary>
    private string? ReadValue()
    {
        SkipSpaces();
        var isQuoted = at < text.Length && text[at] == '"';
        var value = isQuoted ? ReadQuoted() : ReadPlain();
        return value is { Length: 0 } ? Fail("a value is missing there") : value;
    }

    private string? ReadPlain()
    {
        if (at < text.Length && text[at] == '#')
        {
            return Fail("a value in hexadecimal is not taken; write its text, a # before it as \\# (in JSON \\\\#)");
        }

        var value = new List<byte>();
        var kept = 0;
        while (at < text.Length && text[at] is not (',' or ';'))
        {
            var isSpace = text[at] == ' ';
            if (text[at] is '"' or '+' or '<' or '>')
            {
                return Fail($"{text[at]} is written \\{text[at]} (in JSON \\\\{text[at]})");
            }

            if (!ReadCharacter(value))
            {
                return null;
            }

            kept = isSpace ? kept : value.Count;
        }

        return Encoding.UTF8.GetString([.. value.Take(kept)]);
    }

    private string? ReadQuoted()
    {
        var opening = at++;
        var value = new List<byte>();
        while (at < text.Length && text[at] != '"')
        {
            if (!ReadCharacter(value))
            {
                return null;
            }
        }

        if (at == text.Length)
        {
            at = opening;
            return Fail("the quotation mark is not closed");
        }

        at++;
        SkipSpaces();
        return at < text.Length && text[at] is not (',' or ';')
            ? Fail("behind a value in quotation marks stands a comma or nothing")
            : Encoding.UTF8.GetString([.. value]);
    }

    /// <summary>One as it stands, or what a backslash and the one or two behind it stand for.</summary>
    private bool ReadCharacter(List<byte> value)
    {
        if (text[at] != '\\')
        {
            var length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
            value.AddRange(Encoding.UTF8.GetBytes(text.Substring(at, length)));
            at += length;
            return true;
        }

        if (
            at + 2 < text.Length
            && byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet)
        )
        {
            value.Add(octet);
            at += 3;
            return true;
        }

        if (at + 1 < text.Length && (Special.Contains(text[at + 1], StringComparison.Ordinal) || text[at + 1] is ' ' or '#'))
        {
            value.Add((byte)text[at + 1]);
            at += 2;
            return true;
        }

        Fail("the backslash stands before nothing that is escaped; one that is part of the name is written \\\\ (in JSON \\\\\\\\)");
        return false;
    }

    private void SkipSpaces()
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }
    }

    private string? Fail(string why)
    {
        wrong = new(at + 1, why);
        return null;
    }
}
