using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Portal.Settings;

/// <summary>
/// Reads settings by the platform's binder, each value by itself first: the binder stops at the first value that it cannot read, and who starts
/// a program must hear of all.
/// </summary>
public static class SettingsBinder
{
    /// <summary>Binds what can be read; null is as good as not told.</summary>
    /// <param name="strict">A key that is no setting is a mistake, not a default.</param>
    /// <returns>A mistake for each value that cannot.</returns>
    public static IReadOnlyList<SettingsMistake> Bind<T>(IConfiguration section, T settings, bool strict)
        where T : class, new()
    {
        var values = section.AsEnumerable(makePathsRelative: true).Where(value => IsValue(section, value.Key)).ToArray();
        var wrong = values.Where(value => IsNoName(typeof(T), value) || !TryBind([value], new T(), strict)).ToArray();
        TryBind(values.Except(wrong).Where(value => value.Value is not null), settings, strict);
        return [.. wrong.Select(value => new SettingsMistake(value.Key, Advise(typeof(T), value.Key, value.Value)))];
    }

    private static bool IsValue(IConfiguration section, string key) => key.Length > 0 && !section.GetSection(key).GetChildren().Any();

    private static bool TryBind(IEnumerable<KeyValuePair<string, string?>> values, object settings, bool strict)
    {
        try
        {
            var told = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
            told.Bind(settings, binder => binder.ErrorOnUnknownConfiguration = strict);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The binder takes any number for one of several names.</summary>
    private static bool IsNoName(Type settings, KeyValuePair<string, string?> value) =>
        TypeOf(settings, value.Key) is { IsEnum: true } names
        && !Enum.GetNames(names).Contains(value.Value, StringComparer.OrdinalIgnoreCase);

    private static Type? TypeOf(Type settings, string key)
    {
        const BindingFlags named = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;
        return key.Split(':').Aggregate((Type?)settings, (of, name) => of?.GetProperty(name, named)?.PropertyType);
    }

    private static string Advise(Type settings, string key, string? told) =>
        TypeOf(settings, key) is { } type ? $"\"{told}\" cannot be read; write {Wanted(type)}." : "is not a key that this version knows.";

    private static string Wanted(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(int) ? "a whole number"
        : type.IsGenericType ? "a list"
        : "its keys";
}

/// <param name="Key">Path below the section, its parts between colons.</param>
/// <param name="Sentence">What is wrong, or what to write.</param>
public sealed record SettingsMistake(string Key, string Sentence);
