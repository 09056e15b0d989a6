using System.Text.Json;
using System.Text.Json.Serialization;

namespace PortalApp.Captcha;

/// <summary>What the widget fetches: ALTCHA's third format.</summary>
/// <param name="Signature">HMAC-SHA-256 of the parameters' canonical JSON, 64 lower-case hex digits.</param>
internal sealed record CaptchaChallenge(CaptchaParameters Parameters, string Signature)
{
    public string ToJson() => JsonSerializer.Serialize(this, CaptchaJson.Default.CaptchaChallenge);
}

/// <summary>
/// The work to be done. Its JSON is canonical: the members in alphabetical order, as they stand here, without spaces. That text is what is signed.
/// </summary>
/// <param name="ExpiresAt">Unix seconds; from the second after it the challenge is refused.</param>
/// <param name="KeyLength">Bytes.</param>
/// <param name="KeyPrefix">Hex digits that the derived key must begin with.</param>
/// <param name="Nonce">16 random bytes in hex; also what is remembered once it was used.</param>
/// <param name="Salt">16 random bytes in hex.</param>
internal sealed record CaptchaParameters(
    [property: JsonPropertyOrder(0)] string Algorithm,
    [property: JsonPropertyOrder(1)] int Cost,
    [property: JsonPropertyOrder(2)] CaptchaBinding Data,
    [property: JsonPropertyOrder(3)] long ExpiresAt,
    [property: JsonPropertyOrder(4)] int KeyLength,
    [property: JsonPropertyOrder(5)] string KeyPrefix,
    [property: JsonPropertyOrder(6)] string Nonce,
    [property: JsonPropertyOrder(7)] string Salt
);

/// <summary>What a challenge is good for. Nothing else exists when the first is issued: no flow, no tenant, no session.</summary>
internal sealed record CaptchaBinding(string Purpose)
{
    /// <summary>What the first page asks of everybody.</summary>
    public static readonly CaptchaBinding First = new("reset");

    [JsonIgnore]
    public bool IsFirst => this == First;
}

/// <param name="DerivedKey">PBKDF2 of (nonce, counter as four bytes, big-endian), in lower-case hex.</param>
/// <param name="Time">Milliseconds that the browser says it took; not used.</param>
internal sealed record CaptchaSolution(uint Counter, string DerivedKey, double? Time = null);

/// <summary>What the form posts, as base64 of its JSON.</summary>
internal sealed record CaptchaPayload(CaptchaChallenge Challenge, CaptchaSolution Solution);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 5
)]
[JsonSerializable(typeof(CaptchaChallenge))]
[JsonSerializable(typeof(CaptchaParameters))]
[JsonSerializable(typeof(CaptchaPayload))]
internal sealed partial class CaptchaJson : JsonSerializerContext;
