using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jose;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Portal.Relay.Envelopes;

/// <summary>The P-256 keys of agents as JWK (RFC 7517, RFC 7518 §6.2), their thumbprints, and a tenant key's way to an agent.</summary>
public static class EnvelopeKeys
{
    private const string TenantKeyType = "tenant-key+jwe";
    private const int CoordinateBytes = 32;

    public static JsonElement PublicJwk(ECParameters key, string use) =>
        JsonSerializer.SerializeToElement(
            new JsonObject
            {
                ["kty"] = "EC",
                ["crv"] = "P-256",
                ["x"] = Base64Url.EncodeToString(key.Q.X),
                ["y"] = Base64Url.EncodeToString(key.Q.Y),
                ["use"] = use,
            }
        );

    /// <summary>Null for anything but a public P-256 key of that use whose point is on the curve.</summary>
    public static ECParameters? TryReadPublicJwk(JsonElement jwk, string use)
    {
        try
        {
            if (
                jwk.ValueKind != JsonValueKind.Object
                || Text(jwk, "kty") != "EC"
                || Text(jwk, "crv") != "P-256"
                || Text(jwk, "use") != use
                || jwk.EnumerateObject().Count() != 5
            )
            {
                return null;
            }

            var x = Base64Url.DecodeFromChars(Text(jwk, "x"));
            var y = Base64Url.DecodeFromChars(Text(jwk, "y"));
            if (x.Length != CoordinateBytes || y.Length != CoordinateBytes)
            {
                return null;
            }

            var key = new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = x, Y = y },
            };
            using var onTheCurve = ECDiffieHellman.Create(key);
            return key;
        }
        catch (Exception e) when (e is FormatException or CryptographicException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>RFC 7638: base64url of the SHA-256 of the required members in order.</summary>
    public static string Thumbprint(ECParameters key)
    {
        var members =
            $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(key.Q.X)}}","y":"{{Base64Url.EncodeToString(key.Q.Y)}}"}""";
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(members)));
    }

    /// <summary>A thumbprint's first 120 bits for reading aloud: six groups of four of RFC 4648's base32.</summary>
    public static string Fingerprint(string thumbprint)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bytes = Base64Url.DecodeFromChars(thumbprint);
        var letters = new StringBuilder();
        for (var letter = 0; letter < 24; letter++)
        {
            var value = 0;
            for (var bit = letter * 5; bit < (letter * 5) + 5; bit++)
            {
                value = (value << 1) | ((bytes[bit / 8] >> (7 - (bit % 8))) & 1);
            }

            letters.Append(letter > 0 && letter % 4 == 0 ? "-" : "").Append(alphabet[value]);
        }

        return letters.ToString();
    }

    /// <summary>Compact JWE to an agent's encryption key (ECDH-ES+A256KW, A256GCM); the payload is the key's 32 bytes.</summary>
    public static string SealTenantKey(TenantKey key, ECParameters agent)
    {
        using var recipient = ECDiffieHellman.Create(agent);
        var headers = new Dictionary<string, object> { ["typ"] = TenantKeyType, ["kid"] = Thumbprint(agent) };
        return JWE.EncryptBytes(
            key.Bytes.ToArray(),
            [new JweRecipient(JweAlgorithm.ECDH_ES_A256KW, new Jwk(recipient, isPrivate: false))],
            JweEncryption.A256GCM,
            mode: SerializationMode.Compact,
            extraProtectedHeaders: headers,
            settings: EnvelopeSettings.Inner
        );
    }

    /// <summary>Null where it is not sealed to this key in exactly that form.</summary>
    public static TenantKey? TryOpenTenantKey(int generation, string jwe, ECDiffieHellman agent)
    {
        try
        {
            var header = EnvelopeJson.ParseCompactHeader(jwe);
            if (
                !EnvelopeJson.HasExactly(header, "alg", "enc", "typ", "kid", "epk")
                || Text(header, "typ") != TenantKeyType
                || Text(header, "kid") != Thumbprint(agent.ExportParameters(includePrivateParameters: false))
            )
            {
                return null;
            }

            var opened = JWE.Decrypt(jwe, agent, JweAlgorithm.ECDH_ES_A256KW, JweEncryption.A256GCM, EnvelopeSettings.Inner);
            return opened.PlaintextBytes.Length == 32 ? new TenantKey(generation, opened.PlaintextBytes) : null;
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
