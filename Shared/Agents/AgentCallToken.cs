using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Agents;

/// <summary>
/// The JWT that an agent's HTTPS call carries (RFC 7519, RFC 7523): ES256 by its signing key, for one portal, at most 60 s, bound to the
/// call's path and body. The agent writes it by itself, since the library that the portal judges it with would take megabytes of an idle agent.
/// </summary>
public static class AgentCallToken
{
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
            [AgentApi.PathClaim] = path,
            [AgentApi.BodyHashClaim] = HashOf(body),
        };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>Base64url of the SHA-256.</summary>
    public static string HashOf(ReadOnlySpan<byte> body) => Base64Url.EncodeToString(SHA256.HashData(body));

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
