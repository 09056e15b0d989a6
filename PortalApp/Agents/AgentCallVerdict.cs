using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Portal.Agents;
using Base64Url = System.Buffers.Text.Base64Url;

namespace PortalApp.Agents;

/// <summary>
/// What the token of a call (<see cref="AgentCallToken"/>) is worth, before a byte of the body is read. One algorithm, one type, an exact set
/// of headers and claims (RFC 8725).
/// </summary>
internal abstract record AgentCallVerdict
{
    private const int MaxTokenChars = 2048;

    /// <summary>Seconds that the two machines' clocks may differ, either way.</summary>
    internal const int Skew = 30;

    private static readonly JsonWebTokenHandler Jwt = new() { MaximumTokenSizeInBytes = MaxTokenChars };
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        MaxDepth = 4,
    };

    private AgentCallVerdict() { }

    /// <param name="Until">Its id must be remembered as spent until then, and no body is taken for it after that.</param>
    public sealed record Verified(string Kid, string AgentId, string TokenId, DateTimeOffset Until, string BodyHash) : AgentCallVerdict
    {
        public bool IsFor(ReadOnlySpan<byte> body) =>
            CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(AgentCallToken.HashOf(body)),
                Encoding.ASCII.GetBytes(BodyHash)
            );
    }

    /// <param name="Why">For the log, never for the caller.</param>
    public sealed record Refused(string Why) : AgentCallVerdict
    {
        /// <summary>The agent's clock minus the portal's in seconds, where that alone is wrong.</summary>
        public int? ClockAhead { get; init; }
    }

    /// <param name="find">The public key of a kid, or null; disposed here.</param>
    public static async Task<AgentCallVerdict> OfAsync(
        string token,
        string audience,
        string path,
        DateTimeOffset now,
        Func<string, Task<ECDsa?>> find
    )
    {
        if (TryRead(token) is not var (read, header, claims))
        {
            return new Refused("not a token of an agent's call");
        }

        using var key = await find(header.Kid);
        if (key is null)
        {
            return new Refused("unknown key");
        }

        var result = await Jwt.ValidateTokenAsync(read, ParametersFor(key, header.Kid, audience));
        return (result.IsValid, claims.Path == path, claims.IsOf(now.ToUnixTimeSeconds())) switch
        {
            (false, _, _) when result.Exception is SecurityTokenInvalidAudienceException => new Refused("for another portal"),
            (false, _, _) => new Refused("wrong header or signature"),
            (_, false, _) => new Refused("for another call"),
            (_, _, false) => new Refused($"the agent's clock is {claims.Behind(now.ToUnixTimeSeconds())}, and {Skew} s are let pass")
            {
                ClockAhead = (int)Math.Clamp(claims.Iat - now.ToUnixTimeSeconds(), int.MinValue, int.MaxValue),
            },
            _ => new Verified(header.Kid, claims.Iss, claims.Jti, DateTimeOffset.FromUnixTimeSeconds(claims.Exp + Skew), claims.BodyHash),
        };
    }

    private static TokenValidationParameters ParametersFor(ECDsa key, string kid, string audience) =>
        new()
        {
            // The library's cache would keep using a key after it is disposed.
            IssuerSigningKey = new ECDsaSecurityKey(key)
            {
                KeyId = kid,
                CryptoProviderFactory = new() { CacheSignatureProviders = false },
            },
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = [AgentApi.TokenType],
            ValidAudience = audience,
            // Whose key it is says who calls; and the minute is looked at here, by a clock that tests move.
            ValidateIssuer = false,
            ValidateLifetime = false,
        };

    /// <summary>Null for what has another form; nothing of it is verified yet.</summary>
    private static (JsonWebToken Token, Header Header, Claims Claims)? TryRead(string token)
    {
        try
        {
            if (token.Length > MaxTokenChars)
            {
                return null;
            }

            var read = new JsonWebToken(token);
            return (Part<Header>(read.EncodedHeader), Part<Claims>(read.EncodedPayload)) is ({ } header, { } claims)
                ? (read, header, claims)
                : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or JsonException or SecurityTokenException)
        {
            return null;
        }
    }

    private static T? Part<T>(string encoded) => JsonSerializer.Deserialize<T>(Base64Url.DecodeFromChars(encoded), Strict);

    private sealed record Header(string Alg, string Typ, string Kid);

    private sealed record Claims(
        string Iss,
        string Aud,
        long Iat,
        long Exp,
        string Jti,
        [property: JsonPropertyName(AgentApi.PathClaim)] string Path,
        [property: JsonPropertyName(AgentApi.BodyHashClaim)] string BodyHash
    )
    {
        /// <summary>Since it was made, or until it will be.</summary>
        public string Behind(long now) => Iat > now ? $"{Iat - now} s ahead" : $"{now - Iat} s behind, or the call came late";

        public bool IsOf(long now) => Iat <= now + Skew && Exp >= now - Skew && Exp <= Iat + (long)AgentApi.TokenLifetime.TotalSeconds;
    }
}
