using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Agents;

namespace Portal.Writeback;

/// <summary>
/// A result's one form, wherever it is written (call, journal, row): the case as the word <c>result</c>, its members beside it. A word of a
/// newer version reads as <see cref="WritebackResult.Unknown"/> with <see cref="WritebackReason.Unrecognised"/> and the word as its detail: it
/// was said, and what it says of the password cannot be told here.
/// </summary>
internal sealed class WritebackResultConverter : JsonConverter<WritebackResult>
{
    private const string Word = "result";

    private static readonly (string Word, Type Case)[] Cases =
    [
        ("applied", typeof(WritebackResult.Applied)),
        ("rejected", typeof(WritebackResult.Rejected)),
        ("notAttempted", typeof(WritebackResult.NotAttempted)),
        ("unknown", typeof(WritebackResult.Unknown)),
        ("settable", typeof(WritebackResult.Settable)),
        ("verified", typeof(WritebackResult.Verified)),
        ("explained", typeof(WritebackResult.Explained)),
        ("healthy", typeof(WritebackResult.Healthy)),
    ];

    public override WritebackResult? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonSerializer.Deserialize<JsonElement>(ref reader, WireJson.Options);
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(Word, out var word) || word.ValueKind != JsonValueKind.String)
        {
            throw new JsonException("A result names its case.");
        }

        return Array.Find(Cases, c => word.ValueEquals(c.Word)).Case is { } known
            ? (WritebackResult?)json.Deserialize(known, WireJson.Options)
            : new WritebackResult.Unknown(WritebackReason.Unrecognised, word.GetString());
    }

    public override void Write(Utf8JsonWriter writer, WritebackResult value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString(Word, Array.Find(Cases, c => c.Case == value.GetType()).Word);
        foreach (var member in JsonSerializer.SerializeToElement(value, value.GetType(), WireJson.Options).EnumerateObject())
        {
            member.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
