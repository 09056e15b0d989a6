using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PortalApp.Authenticators;
using PortalApp.Authenticators.Passkeys;
using PortalApp.Users;

namespace PortalApp.Tests.Fixtures;

/// <summary>A passkey whose device is this test: signs what a page asks, well or badly.</summary>
internal sealed class SoftPasskey(string userHandle) : IDisposable
{
    private const byte UserPresent = 1;
    private const byte UserVerified = 4;
    private const byte HasCredential = 0x40;

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] CredentialId { get; } = RandomNumberGenerator.GetBytes(32);

    public string UserHandle => userHandle;

    /// <summary>PKCS#8.</summary>
    public byte[] PrivateKey => key.ExportPkcs8PrivateKey();

    public string Origin { get; init; } = "https://localhost";

    public bool VerifiesUser { get; init; } = true;

    /// <summary>0 for a device that does not count.</summary>
    public uint SignCount { get; set; }

    public static SoftPasskey Of(User user, AuthenticatorUse use = AuthenticatorUse.Reset) => new(new PasskeyOwner(user.Id, use).Handle);

    /// <summary>For the person whom a page asks to make one.</summary>
    public static SoftPasskey For(string options)
    {
        using var asked = JsonDocument.Parse(options);
        var handle = asked.RootElement.GetProperty("user").GetProperty("id").GetString()!;
        return new(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(handle)));
    }

    /// <summary>As it is kept once it was added.</summary>
    public Passkey ToRow(User user, AuthenticatorUse use, DateTimeOffset at) =>
        new()
        {
            Tenant = user.Tenant,
            UserId = user.Id,
            Use = use,
            CredentialId = CredentialId,
            PublicKey = Cose(),
            Name = "Test phone",
            AddedAt = at,
        };

    /// <summary>What <c>navigator.credentials.get</c> would give, as JSON.</summary>
    public string Answer(string options)
    {
        using var asked = JsonDocument.Parse(options);
        var client = Client("webauthn.get", asked.RootElement);
        var device = Device(asked.RootElement.GetProperty("rpId").GetString()!, UserPresent);
        var signature = key.SignData(
            [.. device, .. SHA256.HashData(client)],
            HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence
        );
        var id = Base64Url.EncodeToString(CredentialId);
        return JsonSerializer.Serialize(
            new
            {
                id,
                rawId = id,
                type = "public-key",
                clientExtensionResults = new { },
                response = new
                {
                    clientDataJSON = Base64Url.EncodeToString(client),
                    authenticatorData = Base64Url.EncodeToString(device),
                    signature = Base64Url.EncodeToString(signature),
                    userHandle = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(userHandle)),
                },
            }
        );
    }

    /// <summary>What <c>navigator.credentials.create</c> would give, as JSON.</summary>
    public string Make(string options)
    {
        using var asked = JsonDocument.Parse(options);
        byte[] device =
        [
            .. Device(asked.RootElement.GetProperty("rp").GetProperty("id").GetString()!, UserPresent | HasCredential),
            .. new byte[16],
            0,
            (byte)CredentialId.Length,
            .. CredentialId,
            .. Cose(),
        ];
        byte[] attestation =
        [
            0xA3,
            .. CborText("fmt"),
            .. CborText("none"),
            .. CborText("attStmt"),
            0xA0,
            .. CborText("authData"),
            0x58,
            (byte)device.Length,
            .. device,
        ];
        var id = Base64Url.EncodeToString(CredentialId);
        return JsonSerializer.Serialize(
            new
            {
                id,
                rawId = id,
                type = "public-key",
                clientExtensionResults = new { },
                response = new
                {
                    clientDataJSON = Base64Url.EncodeToString(Client("webauthn.create", asked.RootElement)),
                    attestationObject = Base64Url.EncodeToString(attestation),
                    transports = new[] { "internal" },
                },
            }
        );
    }

    public void Dispose() => key.Dispose();

    private byte[] Client(string type, JsonElement asked) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                type,
                challenge = asked.GetProperty("challenge").GetString(),
                origin = Origin,
                crossOrigin = false,
            }
        );

    /// <summary>The authenticator data's first part (WebAuthn §6.1).</summary>
    private byte[] Device(string relyingParty, int flags)
    {
        var device = new byte[37];
        SHA256.HashData(Encoding.UTF8.GetBytes(relyingParty), device);
        device[32] = (byte)(flags | (VerifiesUser ? UserVerified : 0));
        BinaryPrimitives.WriteUInt32BigEndian(device.AsSpan(33), SignCount);
        return device;
    }

    private static byte[] CborText(string text) => [(byte)(0x60 + text.Length), .. Encoding.ASCII.GetBytes(text)];

    /// <summary>RFC 9053 §7.1: EC2, ES256, P-256.</summary>
    private byte[] Cose()
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
    }
}
