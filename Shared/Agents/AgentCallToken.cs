using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Agents;

/// <summary>
/// The JWT that an agent's HTTPS call carries (RFC 7519, RFC 7523): ES256 by its signing key, for one portal, at most 60 s, bound to the
/// call's path and body. One algorithm, one type, an exact set of headers and claims (RFC 8725).
/// </summary>
public static class AgentCallToken
{
    private const string PathClaim = "path";
    private const int MaxLength = 2048;

    /// <summary>How far the two machines' clocks may differ, either way.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    /// <param name="agentId">Empty at the enrolment, when there is none yet.</param>
    public static string Create(
        ECDsa key,
        string kid,
        string agentId,
        string audience,
        string path,
        ReadOnlySpan<byte> body,
        DateTimeOffset now
    )
    {
        var header = new JsonObject
        {
            ["alg"] = "ES256",
            ["typ"] = AgentApi.TokenType,
            ["kid"] = kid,
        };
        var claims = new JsonObject
        {
            ["iss"] = agentId,
            ["aud"] = audience,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + AgentApi.TokenLifetime).ToUnixTimeSeconds(),
            ["jti"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            [PathClaim] = path,
            [AgentApi.BodyHashClaim] = Base64Url.EncodeToString(SHA256.HashData(body)),
        };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        var signature = key.SignData(
            Encoding.ASCII.GetBytes(signed),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation
        );
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <param name="find">The public key of a kid, or null; disposed here.</param>
    public static async Task<AgentCallVerdict> VerifyAsync(
        string? token,
        string audience,
        string path,
        ReadOnlyMemory<byte> body,
        DateTimeOffset now,
        Func<string, Task<ECDsa?>> find
    )
    {
        try
        {
            return token is { Length: > 0 and <= MaxLength } && token.Split('.') is [var header, var claims, var signature]
                ? await VerifyAsync(header, claims, signature, audience, path, body, now, find)
                : new AgentCallVerdict.Refused("not a token");
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or FormatException
                        or CryptographicException
                        or InvalidOperationException
                        or KeyNotFoundException
                        or ArgumentOutOfRangeException
            )
        {
            return new AgentCallVerdict.Refused("not a token");
        }
    }

    private static async Task<AgentCallVerdict> VerifyAsync(
        string headerPart,
        string claimsPart,
        string signaturePart,
        string audience,
        string path,
        ReadOnlyMemory<byte> body,
        DateTimeOffset now,
        Func<string, Task<ECDsa?>> find
    )
    {
        using var header = Decode(headerPart);
        if (
            !HasExactly(header.RootElement, "alg", "typ", "kid")
            || Text(header, "alg") != "ES256"
            || Text(header, "typ") != AgentApi.TokenType
        )
        {
            return new AgentCallVerdict.Refused("wrong header");
        }

        var kid = Text(header, "kid");
        using var key = await find(kid);
        if (key is null)
        {
            return new AgentCallVerdict.Refused("unknown key");
        }

        var signed = Encoding.ASCII.GetBytes($"{headerPart}.{claimsPart}");
        var signature = Base64Url.DecodeFromChars(signaturePart);
        if (!key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
        {
            return new AgentCallVerdict.Refused("wrong signature");
        }

        using var claims = Decode(claimsPart);
        return Judge(claims, kid, audience, path, body, now);
    }

    private static AgentCallVerdict Judge(
        JsonDocument claims,
        string kid,
        string audience,
        string path,
        ReadOnlyMemory<byte> body,
        DateTimeOffset now
    )
    {
        if (!HasExactly(claims.RootElement, "iss", "aud", "iat", "exp", "jti", PathClaim, AgentApi.BodyHashClaim))
        {
            return new AgentCallVerdict.Refused("wrong claims");
        }

        var issued = DateTimeOffset.FromUnixTimeSeconds(claims.RootElement.GetProperty("iat").GetInt64());
        var expires = DateTimeOffset.FromUnixTimeSeconds(claims.RootElement.GetProperty("exp").GetInt64());
        if (Text(claims, "aud") != audience || Text(claims, PathClaim) != path)
        {
            return new AgentCallVerdict.Refused("for another portal or call");
        }

        if (issued > now + Skew || expires < now - Skew || expires - issued > AgentApi.TokenLifetime)
        {
            return new AgentCallVerdict.Refused("not of this minute: compare the two machines' clocks");
        }

        var hash = Encoding.ASCII.GetBytes(Base64Url.EncodeToString(SHA256.HashData(body.Span)));
        return CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(Text(claims, AgentApi.BodyHashClaim)))
            ? new AgentCallVerdict.Verified(kid, Text(claims, "iss"), Text(claims, "jti"), expires + Skew)
            : new AgentCallVerdict.Refused("for another body");
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static JsonDocument Decode(string part) => JsonDocument.Parse(Base64Url.DecodeFromChars(part), Strict);

    private static string Text(JsonDocument json, string name) => json.RootElement.GetProperty(name).GetString() ?? "";

    private static bool HasExactly(JsonElement element, params string[] names) =>
        element.ValueKind == JsonValueKind.Object
        && element.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal));
}

/// <summary>What a call's token is worth.</summary>
public abstract record AgentCallVerdict
{
    private AgentCallVerdict() { }

    /// <param name="Until">Its id must be remembered as spent until then.</param>
    public sealed record Verified(string Kid, string AgentId, string TokenId, DateTimeOffset Until) : AgentCallVerdict;

    /// <param name="Why">For the log, never for the caller.</param>
    public sealed record Refused(string Why) : AgentCallVerdict;
}
