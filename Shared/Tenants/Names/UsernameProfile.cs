using System.Text;

namespace Portal.Tenants.Names;

/// <summary>
/// UsernameCaseMapped (RFC 8265 §3.3), the field's own rule for names that are compared: ＡＮＮＡ and Anna are anna; the Kelvin sign, a joiner and
/// U+202E are no part of a name. Its normal forms need the Unicode data of ICU: what compares names must not run globalization-invariant.
/// </summary>
internal static class UsernameProfile
{
    public static NameReading<string> Enforce(string typed)
    {
        var text = MapWidth(typed);
        if (IdentifierClass.FirstForbidden(text) is { } sign)
        {
            return new NameReading<string>.Forbidden(sign);
        }

        // İ alone has a lower case of two characters, which the framework leaves out.
        text = text.Replace("İ", "i\u0307", StringComparison.Ordinal).ToLowerInvariant().Normalize(NormalizationForm.FormC);
        if (IdentifierClass.FirstOutOfContext(text) is { } stray)
        {
            return new NameReading<string>.Forbidden(stray);
        }

        return text.Length > 0 && BidiRule.Holds(text) ? new NameReading<string>.Read(text) : new NameReading<string>.NotOne();
    }

    /// <summary>Full-width and half-width forms to their decomposition (RFC 8265 §3.3.1), among them ＠ and the ideographic space.</summary>
    public static string MapWidth(string text) =>
        text.Any(HasWidth) ? string.Concat(text.Select(c => HasWidth(c) ? $"{c}".Normalize(NormalizationForm.FormKC) : $"{c}")) : text;

    private static bool HasWidth(char c) => c is '\u3000' or (>= '\uFF01' and <= '\uFFEE');
}
