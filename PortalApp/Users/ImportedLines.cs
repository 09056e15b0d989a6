using System.Text;
using Microsoft.VisualBasic.FileIO;

namespace PortalApp.Users;

/// <summary>A line of an import file, for a person.</summary>
/// <param name="Number">As an editor counts it, from 1.</param>
/// <param name="Emails">At least one, in the order of the file.</param>
internal sealed record ImportedLine(int Number, string Name, IReadOnlyList<string> Emails);

/// <summary>
/// Reads what spreadsheets write: UPN,email[,email…] with commas, semicolons or tabs, quotes, with or without a heading line, in UTF-8, UTF-16
/// with its mark, or Windows-1252.
/// </summary>
internal static class ImportedLines
{
    private static readonly char[] Delimiters = [';', '\t', ','];

    /// <returns>The lines; or a sentence that says what is wrong in which line.</returns>
    public static (IReadOnlyList<ImportedLine> Lines, string? Wrong) Read(byte[] file)
    {
        if (Decode(file) is not { } text)
        {
            return ([], "The file is UTF-16 without its mark, or not a text at all; save it as CSV in UTF-8.");
        }

        List<ImportedLine> lines = [];
        using var parser = new TextFieldParser(new StringReader(text)) { TextFieldType = FieldType.Delimited };
        parser.SetDelimiters($"{DelimiterOf(text)}");
        while (!parser.EndOfData)
        {
            // Empty lines are passed over by the read itself, and are counted.
            var isFirst = lines.Count == 0;
            string[] cells;
            try
            {
                cells = [.. parser.ReadFields()!.Select(c => c.Trim())];
            }
            catch (MalformedLineException)
            {
                return (
                    [],
                    $"Line {parser.ErrorLineNumber}: a quote is opened and not closed, or stands inside a cell; write it twice there."
                );
            }

            var number = parser.LineNumber < 0 ? text.TrimEnd('\r', '\n').Count(c => c == '\n') + 1 : (int)parser.LineNumber - 1;
            if (isFirst && !cells.Any(c => c.Contains('@', StringComparison.Ordinal)))
            {
                continue;
            }

            if (cells is not [{ Length: > 0 } name, .. var emails] || emails.All(string.IsNullOrEmpty))
            {
                return ([], $"Line {number}: write UPN,email, with more addresses after it if there are.");
            }

            lines.Add(new(number, name, [.. emails.Where(e => e.Length > 0)]));
        }

        return (lines, null);
    }

    /// <summary>Null for UTF-16 without a mark, which no other text has zeros like.</summary>
    private static string? Decode(byte[] file)
    {
        using var marked = new StreamReader(new MemoryStream(file), new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            var text = marked.ReadToEnd();
            return text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return
                CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(file) is var ansi
                && ansi.Contains('\0', StringComparison.Ordinal)
                ? null
                : ansi;
        }
    }

    /// <summary>The one that the first line with an address has most of.</summary>
    private static char DelimiterOf(string text) =>
        text.Split('\n').FirstOrDefault(l => l.Contains('@', StringComparison.Ordinal)) is { } line
            ? Delimiters.MaxBy(d => line.Count(c => c == d))
            : ',';
}
