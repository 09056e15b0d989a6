using System.Buffers.Text;
using System.Text.Json;

namespace Portal.Relay;

/// <summary>Strict reading of JOSE's JSON: no doubles, no depth, exact sets of members.</summary>
internal static class EnvelopeJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 6 };

    public static JsonElement Parse(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8, Strict);
        return document.RootElement.Clone();
    }

    public static JsonElement ParseBase64Url(string? encoded) => Parse(Base64Url.DecodeFromChars(encoded));

    public static JsonElement ParseCompactHeader(string jwe)
    {
        var parts = jwe.Split('.');
        return parts.Length == 5 ? ParseBase64Url(parts[0]) : throw new FormatException("Not a compact JWE.");
    }

    public static bool HasExactly(JsonElement element, params string[] names) =>
        element.ValueKind == JsonValueKind.Object
        && element.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal));

    public static bool IsText(JsonElement element, string name, string expected) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(expected);
}
