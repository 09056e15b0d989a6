using System.Text.RegularExpressions;

namespace Portal.Tenants.Names;

/// <summary>Whether a label of a domain is shown in its own letters: those of one script, or of scripts that are written together (UTS 39 §5.2).</summary>
internal static partial class ShownLabel
{
    public static bool IsSafe(string label) => OneScript().IsMatch(label) && !LooksLatin().IsMatch(label);

    [GeneratedRegex(
        """
            \A(?:
                [-0-9a-z\p{IsLatin-1Supplement}\p{IsLatinExtended-A}\p{IsLatinExtended-B}\p{IsLatinExtendedAdditional}\u0300-\u0323-[\u01C0-\u01C3]]+
              | [-0-9a-z\p{IsHiragana}\p{IsKatakana}\p{IsCJKUnifiedIdeographs}\p{IsCJKUnifiedIdeographsExtensionA}\u3005\u3007]+
              | [-0-9a-z\p{IsHangulSyllables}\p{IsCJKUnifiedIdeographs}]+
              | [-0-9a-z\p{IsBopomofo}\p{IsCJKUnifiedIdeographs}]+
              | [-0-9\p{IsCyrillic}\p{IsCyrillicSupplement}]+
              | [-0-9\p{IsGreek}\p{IsGreekExtended}]+
              | [-0-9\p{IsArmenian}]+
              | [-0-9\p{IsGeorgian}]+
              | [-0-9\p{IsHebrew}]+
              | [-0-9\p{IsArabic}]+
              | [-0-9\p{IsDevanagari}]+
              | [-0-9\p{IsBengali}]+
              | [-0-9\p{IsTamil}]+
              | [-0-9\p{IsThai}]+
            )\z
            """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant
    )]
    private static partial Regex OneScript();

    /// <summary>Cyrillic or Greek throughout, in nothing but letters that pass for Latin ones.</summary>
    [GeneratedRegex(
        @"\A[-0-9]*(?:[авгеікмнопрстухьъѕјԁһӏԛԝҽѵѡ][-0-9]*)+\z|\A[-0-9]*(?:[αβγεηικνορτυχω][-0-9]*)+\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex LooksLatin();
}
