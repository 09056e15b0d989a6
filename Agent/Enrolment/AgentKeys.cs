using System.Security.Cryptography;
using System.Text.Json;
using Portal.Agents;

namespace Agent.Enrolment;

/// <summary>An agent's own secrets: made here, never sent. Cannot print.</summary>
internal sealed class AgentKeys(ECDsa signing, ECDiffieHellman encryption, string relaySecret) : IDisposable
{
    public ECDsa Signing => signing;

    public ECDiffieHellman Encryption => encryption;

    /// <summary>32 random bytes as base64url text.</summary>
    public string RelaySecret => relaySecret;

    public static AgentKeys New() =>
        new(
            ECDsa.Create(ECCurve.NamedCurves.nistP256),
            ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256),
            System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))
        );

    public byte[] Write() =>
        JsonSerializer.SerializeToUtf8Bytes(
            new Written(
                Convert.ToBase64String(signing.ExportPkcs8PrivateKey()),
                Convert.ToBase64String(encryption.ExportPkcs8PrivateKey()),
                relaySecret
            ),
            WireJson.Options
        );

    /// <summary>Null for what <see cref="Write"/> did not write.</summary>
    public static AgentKeys? TryRead(byte[] written)
    {
        ECDsa? signing = null;
        ECDiffieHellman? encryption = null;
        try
        {
            var read = JsonSerializer.Deserialize<Written>(written, WireJson.Options) ?? throw new JsonException("null");
            signing = ECDsa.Create();
            signing.ImportPkcs8PrivateKey(Convert.FromBase64String(read.Signing), out _);
            encryption = ECDiffieHellman.Create();
            encryption.ImportPkcs8PrivateKey(Convert.FromBase64String(read.Encryption), out _);
            return new(signing, encryption, read.RelaySecret);
        }
        catch (Exception e) when (e is JsonException or FormatException or CryptographicException)
        {
            signing?.Dispose();
            encryption?.Dispose();
            return null;
        }
    }

    public override string ToString() => "(agent keys)";

    public void Dispose()
    {
        signing.Dispose();
        encryption.Dispose();
    }

    private sealed record Written(string Signing, string Encryption, string RelaySecret);
}
