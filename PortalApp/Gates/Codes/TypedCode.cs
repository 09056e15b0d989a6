using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PortalApp.Throttle;

namespace PortalApp.Gates.Codes;

/// <summary>The eight digits of a code: made, and read from what a person typed.</summary>
internal static class TypedCode
{
    /// <summary>Longer texts are not read at all.</summary>
    private const int MaxTyped = 64;
    private static readonly int Codes = (int)Math.Pow(10, Limits.CodeDigits);

    /// <summary>Each of the 10^8 codes is as likely as any other; leading zeros stay (H40).</summary>
    public static string New() =>
        RandomNumberGenerator.GetInt32(Codes).ToString(CultureInfo.InvariantCulture).PadLeft(Limits.CodeDigits, '0');

    /// <summary>
    /// Spaces of any kind (also non-breaking ones), hyphens and invisible marks are dropped and compatible forms such as full-width digits
    /// read (NFKC); what remains must be eight ASCII digits. Null for all else: other scripts' digits, NUL, letters, too many or too few
    /// (H42). A null is answered as a wrong code but costs no try.
    /// </summary>
    public static string? Parse(string typed)
    {
        if (typed.Length > MaxTyped)
        {
            return null;
        }

        // By runes: half a surrogate pair, which cannot be normalised, becomes a mark that is no digit.
        var digits = string.Concat(typed.EnumerateRunes().Where(r => !IsDropped(r))).Normalize(NormalizationForm.FormKC);
        return digits.Length == Limits.CodeDigits && digits.All(char.IsAsciiDigit) ? digits : null;
    }

    private static bool IsDropped(Rune rune) =>
        Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.DashPunctuation or UnicodeCategory.Format;
}
