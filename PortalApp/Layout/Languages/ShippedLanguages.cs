using System.Globalization;
using System.Reflection;

namespace PortalApp.Layout.Languages;

/// <summary>The languages in which the portal's sentences are there. To add one is to add its files of sentences (README, "Languages").</summary>
internal static class ShippedLanguages
{
    /// <summary>What is spoken where nobody chose: in commands, to a program, in the log.</summary>
    public static readonly CultureInfo Standard = CultureInfo.GetCultureInfo("en");

    /// <summary>The build names those that are translated.</summary>
    public static readonly IReadOnlyList<CultureInfo> All =
    [
        Standard,
        .. typeof(ShippedLanguages)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Where(told => told is { Key: "Language", Value.Length: > 0 })
            .Select(told => CultureInfo.GetCultureInfo(told.Value!))
            .OrderBy(language => language.Name, StringComparer.Ordinal),
    ];

    /// <summary>Null where it is none of them.</summary>
    public static CultureInfo? Find(string? name) => All.FirstOrDefault(language => language.Name == name);

    /// <summary>As those who speak it call it.</summary>
    public static string OwnName(CultureInfo language) => language.TextInfo.ToTitleCase(language.NativeName);
}
