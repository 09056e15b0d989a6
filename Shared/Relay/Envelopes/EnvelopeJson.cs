using System.Buffers.Text;
using System.Text.Json;

namespace Portal.Relay.Envelopes;

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
        return parts.Length == 5 && parts.All(IsCanonical)
            ? ParseBase64Url(parts[0])
            : throw new FormatException("Not a compact JWE in its one form.");
    }

    public static bool HasExactly(JsonElement element, params string[] names) =>
        element.ValueKind == JsonValueKind.Object
        && element.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal));

    public static bool IsText(JsonElement element, string name, string expected) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(expected);

    /// <summary>Base64url has one form for given bytes (RFC 4648 §3.5); the library also reads others, with stray bits in the last letter (H68).</summary>
    private static bool IsCanonical(string encoded) =>
        encoded.Length > 0 && Base64Url.EncodeToString(Base64Url.DecodeFromChars(encoded)) == encoded;
}
