using System.Globalization;
using System.Security.Cryptography;
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
    /// Spaces of any kind (also non-breaking ones) and hyphens are dropped; what remains must be eight ASCII digits. Null for all else: other
    /// scripts' and full-width digits, NUL, letters, too many or too few (H42). A null is answered as a wrong code but costs no try.
    /// </summary>
    public static string? Parse(string typed)
    {
        if (typed.Length > MaxTyped)
        {
            return null;
        }

        var digits = string.Concat(typed.Where(c => !IsSpacing(c)));
        return digits.Length == Limits.CodeDigits && digits.All(char.IsAsciiDigit) ? digits : null;
    }

    private static bool IsSpacing(char c) => char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) == UnicodeCategory.DashPunctuation;
}
