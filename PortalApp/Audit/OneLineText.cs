using System.Diagnostics.CodeAnalysis;

namespace PortalApp.Audit;

/// <summary>Text of others, made fit for one line of a log, a list or a mail's header (H111): no line ends, no terminal sequences.</summary>
internal static class OneLineText
{
    [return: NotNullIfNotNull(nameof(text))]
    public static string? OnOneLine(this string? text) =>
        text is null ? null
        : text.Any(IsBreaking) ? string.Concat(text.Select(c => IsBreaking(c) ? ' ' : c))
        : text;

    private static bool IsBreaking(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';
}
