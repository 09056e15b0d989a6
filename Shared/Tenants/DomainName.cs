using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.Tenants;

/// <summary>The domain part of a user principal name, in the form in which names carry it: lower case, NFC, Unicode as it is written (M29).</summary>
public static partial class DomainName
{
    private static readonly IdnMapping Dns = new() { UseStd3AsciiRules = true };

    /// <summary>Null for what the domain name system could not hold, and for a name without a dot.</summary>
    public static string? TryParse(string? typed)
    {
        if (typed?.Trim() is not { Length: > 0 } text || text.Contains('@', StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return Form().IsMatch(Dns.GetAscii(text)) ? UserPrincipalName.TryParse("x@" + text)?.Domain : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>RFC 1123 §2.1: labels of 1 to 63 letters, digits and inner hyphens, at least two.</summary>
    [GeneratedRegex(
        @"\A(?=.{1,253}\z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Form();
}
