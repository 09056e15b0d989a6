using Microsoft.Extensions.Localization;

namespace PortalApp.Administration;

internal static class CountedText
{
    /// <summary>A sentence about a number of things: its own for one, which is the key with <c>One</c> behind it.</summary>
    public static string Count(this IStringLocalizer texts, string key, int number) => texts[number == 1 ? $"{key}One" : key, number];
}
