using System.Text.RegularExpressions;
using Portal.Contacts;

namespace Agent.DirectorySync;

/// <summary>
/// Brings a phone number as directories hold it to the form of M28: <c>+31 (0)6 1234 5678</c> → <c>+31 612345678</c>. A number without a
/// country code cannot be called from anywhere and is none.
/// </summary>
internal static partial class PhoneFlow
{
    /// <summary>Null for no number, and for one that cannot be used.</summary>
    public static string? Normalise(string? held)
    {
        if (string.IsNullOrWhiteSpace(held))
        {
            return null;
        }

        if (PhoneNumber.TryParse(held) is { } asItIs)
        {
            return asItIs.Value;
        }

        var match = Form().Match(held.Trim());
        if (!match.Success)
        {
            return null;
        }

        var number = match.Groups["number"].Value.Replace("(0)", "", StringComparison.Ordinal);
        var digits = string.Concat(number.Where(char.IsAsciiDigit));
        var country = CountryCodeLength(digits);
        var extension = match.Groups["extension"] is { Success: true, Value: var x } ? $"x{x}" : "";
        return country > 0 && country < digits.Length
            ? PhoneNumber.TryParse($"+{digits[..country]} {digits[country..]}{extension}")?.Value
            : null;
    }

    /// <summary>True for a value that is there and cannot be used: an administrator should hear of it.</summary>
    public static bool IsUnusable(string? held) => !string.IsNullOrWhiteSpace(held) && Normalise(held) is null;

    /// <summary>Country codes are prefix-free (ITU-T E.164, list of assigned codes); 0 for a zone that has none.</summary>
    private static int CountryCodeLength(string digits) =>
        digits switch
        {
            ['1' or '7', ..] => 1,
            ['2', '0' or '7', ..] => 2,
            ['2', '8', ..] => 0,
            ['3', '0' or '1' or '2' or '3' or '4' or '6' or '9', ..] => 2,
            ['4', not '2', ..] => 2,
            ['5', >= '1' and <= '8', ..] => 2,
            ['6', <= '6', ..] => 2,
            ['8', '1' or '2' or '4' or '6', ..] => 2,
            ['8', '3' or '9', ..] => 0,
            ['9', <= '5' or '8', ..] => 2,
            [>= '2' and <= '9', _, _, ..] => 3,
            _ => 0,
        };

    [GeneratedRegex(
        @"\A(?:\+|00)(?<number>[1-9](?:[ .\-/\u00A0]*(?:\([0-9]+\)|[0-9]))+)[ ]*(?:(?:x|ext\.?|#)[ ]*(?<extension>[0-9]{1,8}))?\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 200
    )]
    private static partial Regex Form();
}
