using Microsoft.Extensions.Localization;
using Portal.Writeback;

namespace PortalApp.Audit;

/// <summary>Names the resource file of how things end and why.</summary>
internal sealed class EventTexts;

/// <summary>In the reader's words; what has none stands as the code calls it. Null where there is nothing to say.</summary>
internal static class EventWords
{
    public static string? Outcome(this IStringLocalizer<EventTexts> words, string? name) => WordOf(words[$"Outcome{name}"], name);

    public static string? Reason(this IStringLocalizer<EventTexts> words, string? name) => WordOf(words[$"Reason{name}"], name);

    private static string? WordOf(LocalizedString word, string? name) =>
        name is null or nameof(WritebackReason.None) ? null
        : word.ResourceNotFound ? name
        : word.Value;
}
