using System.Globalization;
using System.Text;

namespace PortalApp.Gates.Questions;

/// <summary>
/// What two ways of writing one answer have in common. The form is numbered: an answer is compared in the form in which it was kept, so that
/// a later form voids no earlier answer.
/// </summary>
internal static class AnswerText
{
    public const int Shortest = 3;
    public const int Longest = 40;
    public const int NewestForm = 1;

    /// <summary>More than any answer has; the rest is not read.</summary>
    private const int MostRead = 4 * Longest;

    /// <summary>
    /// Of form 1: compatible characters are one (NFKC), and neither case, accents, spaces and punctuation nor invisible marks count. Accents of
    /// scripts in which they are letters of their own are kept.
    /// </summary>
    public static string Of(string typed)
    {
        var read = string.Concat(typed.EnumerateRunes().Take(MostRead)).Normalize(NormalizationForm.FormKD);
        var kept = string.Concat(read.EnumerateRunes().Where(Counts)).ToUpperInvariant().ToLowerInvariant();
        return kept.Replace("ß", "ss", StringComparison.Ordinal).Normalize(NormalizationForm.FormKC);
    }

    /// <summary>The words of a sentence, each in the same form.</summary>
    public static IReadOnlySet<string> WordsOf(string sentence) =>
        sentence.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Of).Where(word => word.Length > 0).ToHashSet();

    /// <summary>In what a person takes for characters, without the spaces around them.</summary>
    public static int LengthOf(string typed) => new StringInfo(typed.Trim()).LengthInTextElements;

    private static bool Counts(Rune rune) =>
        rune.Value is not (>= 0x300 and <= 0x36F)
        && Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.SpaceSeparator
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.DashPunctuation
                or UnicodeCategory.OpenPunctuation
                or UnicodeCategory.ClosePunctuation
                or UnicodeCategory.InitialQuotePunctuation
                or UnicodeCategory.FinalQuotePunctuation
                or UnicodeCategory.ConnectorPunctuation
                or UnicodeCategory.OtherPunctuation
            );
}
