using System.Globalization;
using System.Text;

namespace Portal.Tenants.Names;

/// <summary>
/// The characters of user names and host names: RFC 8264 §4.2, by the algorithm of its §8; from U+0080 on RFC 5892 has the same. Stricter in one
/// point: a joiner (§9.8), which nobody sees, is refused wherever it stands.
/// </summary>
internal static class IdentifierClass
{
    /// <summary>The first character that has no place in an identifier; a lone surrogate counts as U+FFFD. Null where all have.</summary>
    public static Rune? FirstForbidden(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsValid(rune))
            {
                return rune;
            }
        }

        return null;
    }

    /// <summary>The first character that is allowed beside certain others alone and stands without them (RFC 5892 appendix A.3–A.9).</summary>
    public static Rune? FirstOutOfContext(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!StandsWell(text, at))
            {
                return new Rune(text[at]);
            }
        }

        return null;
    }

    private static bool IsValid(Rune rune) =>
        rune.Value switch
        {
            // ASCII7 (§9.11).
            < 0x80 => rune.Value is > 0x20 and < 0x7F,
            // Exceptions (§9.6): these stand whatever else is said of them, some in their context alone,
            0xDF or 0x3C2 or 0x6FD or 0x6FE or 0xF0B or 0x3007 => true,
            0xB7 or 0x375 or 0x5F3 or 0x5F4 or 0x30FB => true,
            // and these never.
            0x640 or 0x7FA or 0x302E or 0x302F or (>= 0x3031 and <= 0x3035) or 0x303B => false,
            // OldHangulJamo (§9.9).
            (>= 0x1100 and <= 0x11FF) or (>= 0xA960 and <= 0xA97F) or (>= 0xD7B0 and <= 0xD7FF) => false,
            // PrecisIgnorableProperties (§9.13), as far as their category does not refuse them.
            0x34F or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF) => false,
            _ => IsLetterOrDigit(rune) && !HasCompatibility(rune),
        };

    /// <summary>LetterDigits (§9.1); what is left are spaces, symbols, punctuation, controls, unassigned (§9.10–§9.18).</summary>
    private static bool IsLetterOrDigit(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.LowercaseLetter
                or UnicodeCategory.UppercaseLetter
                or UnicodeCategory.OtherLetter
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark;

    /// <summary>HasCompat (§9.17): the Kelvin sign, ſ, ﬁ, ª.</summary>
    private static bool HasCompatibility(Rune rune)
    {
        var text = rune.ToString();
        return text.Normalize(NormalizationForm.FormKC) != text;
    }

    private static bool StandsWell(string text, int at) =>
        text[at] switch
        {
            '\u00B7' => at > 0 && at < text.Length - 1 && text[at - 1] == 'l' && text[at + 1] == 'l',
            '\u0375' => at < text.Length - 1 && text[at + 1] is (>= '\u0370' and <= '\u03FF') or (>= '\u1F00' and <= '\u1FFF'),
            '\u05F3' or '\u05F4' => at > 0 && text[at - 1] is >= '\u0591' and <= '\u05F4',
            '\u30FB' => text.Any(IsJapanese),
            >= '\u0660' and <= '\u0669' => !text.Any(c => c is >= '\u06F0' and <= '\u06F9'),
            _ => true,
        };

    private static bool IsJapanese(char c) =>
        c is (>= '\u3041' and <= '\u30FA') or (>= '\u30FC' and <= '\u30FF') or '\u3005' or '\u3007' or (>= '\u3400' and <= '\u9FFF');
}
