using System.Text.Json;

namespace Agent;

/// <summary>One object of <c>agent.json</c>: reads its keys, notes every mistake under the key's full name, and knows which keys nobody asked for.</summary>
internal sealed class OptionsSection
{
    private readonly JsonElement element;
    private readonly string prefix;
    private readonly List<string> errors;
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    public OptionsSection(JsonElement element, string prefix, List<string> errors)
    {
        this.element = element;
        this.prefix = prefix;
        this.errors = errors;
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
        {
            errors.Add($"{(prefix.Length == 0 ? "The file" : prefix.TrimEnd('.'))}: must be an object.");
        }
    }

    public void Wrong(string key, string why) => errors.Add($"{prefix}{key}: {why}");

    public OptionsSection Section(string key)
    {
        if (Find(key) is not { } found)
        {
            Wrong(key, "is missing.");
            return new(default, $"{prefix}{key}.", []);
        }

        return new(found, $"{prefix}{key}.", errors);
    }

    public OptionsSection SectionOrNone(string key) => new(Find(key) ?? default, $"{prefix}{key}.", errors);

    /// <summary>Empty where it is missing or wrong, which is noted.</summary>
    public string Text(string key, int maxLength = 2048)
    {
        if (Find(key) is not { } found)
        {
            Wrong(key, "is missing.");
            return "";
        }

        return Text(found, key, maxLength);
    }

    public string? TextOrNone(string key) => Find(key) is { } found ? Text(found, key, 2048) : null;

    public IReadOnlyList<string> Texts(string key, int atLeast)
    {
        if (Find(key) is not { } found)
        {
            if (atLeast > 0)
            {
                Wrong(key, "is missing.");
            }

            return [];
        }

        if (found.ValueKind != JsonValueKind.Array || found.GetArrayLength() < atLeast)
        {
            Wrong(key, $"must be a list of at least {atLeast} text(s).");
            return [];
        }

        return [.. found.EnumerateArray().Select(item => Text(item, key, 2048))];
    }

    public int Number(string key, int otherwise, int min, int max)
    {
        if (Find(key) is not { } found)
        {
            return otherwise;
        }

        if (found.ValueKind != JsonValueKind.Number || !found.TryGetInt32(out var number) || number < min || number > max)
        {
            Wrong(key, $"must be a whole number from {min} to {max}.");
            return otherwise;
        }

        return number;
    }

    /// <summary>A misspelt key is a mistake, not a default.</summary>
    public void RefuseUnknown()
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var key in element.EnumerateObject().Select(property => property.Name).Where(name => !known.Contains(name)))
            {
                Wrong(key, "is not a key that this version knows.");
            }
        }
    }

    private string Text(JsonElement found, string key, int maxLength)
    {
        var text = found.ValueKind == JsonValueKind.String ? found.GetString() : null;
        if (string.IsNullOrWhiteSpace(text) || text.Length > maxLength)
        {
            Wrong(key, $"must be a text of 1 to {maxLength} characters.");
            return "";
        }

        return text;
    }

    private JsonElement? Find(string key)
    {
        known.Add(key);
        return
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var found) && found.ValueKind != JsonValueKind.Null
            ? found
            : null;
    }
}
