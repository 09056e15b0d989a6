using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Portal.Agents;

/// <summary>
/// The JWT that an agent's HTTPS call carries (RFC 7519, RFC 7523): ES256 by its signing key, for one portal, at most 60 s, bound to the
/// call's path and body.
/// </summary>
public static class AgentCallToken
{
    private static readonly JsonWebTokenHandler Jwt = new() { SetDefaultTimesOnTokenCreation = false };

    /// <param name="agentId">Empty at the enrolment, when there is none yet.</param>
    public static string Create(
        ECDsa key,
        string kid,
        string agentId,
        string audience,
        string path,
        ReadOnlySpan<byte> body,
        DateTimeOffset now
    ) =>
        Jwt.CreateToken(
            new SecurityTokenDescriptor
            {
                TokenType = AgentApi.TokenType,
                SigningCredentials = new(KeyOf(key, kid), SecurityAlgorithms.EcdsaSha256),
                Claims = new Dictionary<string, object>
                {
                    [JwtRegisteredClaimNames.Iss] = agentId,
                    [JwtRegisteredClaimNames.Aud] = audience,
                    [JwtRegisteredClaimNames.Iat] = now.ToUnixTimeSeconds(),
                    [JwtRegisteredClaimNames.Exp] = (now + AgentApi.TokenLifetime).ToUnixTimeSeconds(),
                    [JwtRegisteredClaimNames.Jti] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
                    [AgentApi.PathClaim] = path,
                    [AgentApi.BodyHashClaim] = HashOf(body),
                },
            }
        );

    /// <summary>Base64url of the SHA-256.</summary>
    public static string HashOf(ReadOnlySpan<byte> body) => Base64Url.EncodeToString(SHA256.HashData(body));

    /// <summary>Without the library's cache, which would keep using a key after it is disposed.</summary>
    public static SecurityKey KeyOf(ECDsa key, string kid) =>
        new ECDsaSecurityKey(key)
        {
            KeyId = kid,
            CryptoProviderFactory = new() { CacheSignatureProviders = false },
        };
}
