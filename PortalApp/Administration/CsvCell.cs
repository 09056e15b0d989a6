namespace PortalApp.Administration;

/// <summary>One cell of a CSV file (RFC 4180) that no spreadsheet takes for a formula.</summary>
internal static class CsvCell
{
    /// <summary>With these a spreadsheet begins a formula; an apostrophe before it makes it a text (OWASP, CSV injection).</summary>
    private static readonly char[] Formula = ['=', '+', '-', '@', '\t', '\r'];

    public static string Of(string? value)
    {
        var text = value is { Length: > 0 } && Formula.Contains(value[0]) ? $"'{value}" : value ?? "";
        return text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
