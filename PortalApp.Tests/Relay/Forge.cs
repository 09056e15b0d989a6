using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jose;
using Portal.Policy;
using Portal.Relay.Envelopes;
using Portal.Tenants;
using Portal.Writeback;
using Base64Url = System.Buffers.Text.Base64Url;

namespace PortalApp.Tests.Relay;

/// <summary>
/// A tenant's keys in the hands of somebody who writes envelopes as he likes, layer by layer, with the JOSE library's default settings. Left
/// alone it writes what <see cref="Envelope.Seal"/> would.
/// </summary>
internal sealed class Forge : IDisposable
{
    public const string InnerType = "portal-request-inner+jwe";
    public const string OuterType = "portal-request+jwe";

    public DateTimeOffset Issued { get; init; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public TenantId Tenant { get; init; } = new(7);

    public RequestId Id { get; init; } = RequestId.New();

    public TenantKey TenantKey { get; init; } = new(3, RandomNumberGenerator.GetBytes(32));

    public ECDiffieHellman Agent { get; init; } = NewKey();

    public string Kid => KidOf(Agent);

    public EnvelopeRecipient Myself => RecipientOf(Agent);

    public EnvelopeRing Ring => new(Tenant, Agent, [TenantKey]);

    public RequestHeader Header => new(Id, Tenant, Issued, Issued.AddSeconds(60));

    public WritebackRequest.Reset Request(string password = "Correct-Horse-9") =>
        new(Header, new CloudAnchor("anchor-of-anna"), NewPassword.TryCreate(password)!);

    /// <summary>One of each kind, in the order of their numbers, with the same text wherever a secret goes.</summary>
    public IReadOnlyList<WritebackRequest> OfEveryKind(string password)
    {
        var (anchor, set) = (new CloudAnchor("anchor-of-anna"), NewPassword.TryCreate(password)!);
        return
        [
            new WritebackRequest.Health(Header),
            new WritebackRequest.Check(Header, anchor),
            new WritebackRequest.Reset(Header, anchor, set),
            new WritebackRequest.Change(Header, anchor, CurrentPassword.TryCreate(password)!, set),
            new WritebackRequest.Unlock(Header, anchor),
            new WritebackRequest.AdministratorReset(Header, anchor, set, MustChange: true),
            new WritebackRequest.Verify(Header, anchor, CurrentPassword.TryCreate(password)!),
            new WritebackRequest.Explain(Header, anchor),
        ];
    }

    /// <summary>All of a request, its secrets too.</summary>
    public static string Told(WritebackRequest request) =>
        request switch
        {
            WritebackRequest.Reset reset => $"{reset} {reset.Password.Reveal()}",
            WritebackRequest.Verify verify => $"{verify} {verify.Current.Reveal()}",
            WritebackRequest.Change change => $"{change} {change.Current.Reveal()} {change.Password.Reveal()}",
            WritebackRequest.AdministratorReset reset => $"{reset} {reset.Password.Reveal()}",
            _ => request.ToString(),
        };

    public byte[] Sealed(WritebackRequest? request = null) => Envelope.Seal(request ?? Request(), [Myself], TenantKey);

    public EnvelopeOpening Open(byte[] envelope) => Envelope.Open(envelope, Id.Value, Ring);

    /// <summary>The plaintext, with some of its values replaced.</summary>
    public byte[] Content(Action<Dictionary<string, object?>>? change = null, int length = 2048)
    {
        var content = new Dictionary<string, object?>
        {
            ["v"] = 1,
            ["id"] = Id.Value,
            ["tenant"] = Tenant.Value,
            ["anchor"] = "anchor-of-anna",
            ["kind"] = (int)RequestKind.Reset,
            ["issued"] = Issued.ToUnixTimeMilliseconds(),
            ["deadline"] = Issued.AddSeconds(60).ToUnixTimeMilliseconds(),
            ["password"] = Encoding.Unicode.GetBytes("Correct-Horse-9"),
        };
        change?.Invoke(content);
        return Padded(JsonSerializer.Serialize(content), length);
    }

    /// <summary>As it is sealed: four bytes of length, the text in UTF-8, zeros.</summary>
    public static byte[] Padded(string json, int length = 2048)
    {
        var plain = new byte[length];
        BinaryPrimitives.WriteInt32BigEndian(plain, Encoding.UTF8.GetByteCount(json));
        Encoding.UTF8.GetBytes(json, plain.AsSpan(4));
        return plain;
    }

    /// <summary>The text in an envelope that is sealed to <see cref="Agent"/>, once everything around it is as <see cref="Padded"/> makes it.</summary>
    public string Unsealed(byte[] envelope)
    {
        var inner = JWE.Decrypt(Encoding.ASCII.GetString(envelope), TenantKey.Bytes.ToArray());
        var plain = JWE.Decrypt(inner.Plaintext, Agent).PlaintextBytes;
        var json = Encoding.UTF8.GetString(plain.AsSpan(4, BinaryPrimitives.ReadInt32BigEndian(plain)));
        Assert.Equal(Padded(json), plain);
        return json;
    }

    public JweRecipient Recipient(
        Action<Dictionary<string, object>>? change = null,
        ECDiffieHellman? to = null,
        JweAlgorithm algorithm = JweAlgorithm.ECDH_ES_A256KW
    )
    {
        var keyId = KidOf(to ?? Agent);
        var header = new Dictionary<string, object>
        {
            ["kid"] = keyId,
            ["apu"] = Party(Id.Value),
            ["apv"] = Party(keyId),
        };
        change?.Invoke(header);
        return new(algorithm, to ?? Agent, header);
    }

    public string Inner(
        byte[]? content = null,
        IReadOnlyList<JweRecipient>? recipients = null,
        Action<Dictionary<string, object>>? change = null,
        JweEncryption encryption = JweEncryption.A256GCM,
        JweCompression? compression = null,
        Dictionary<string, object>? unprotected = null,
        byte[]? aad = null
    )
    {
        var header = new Dictionary<string, object> { ["typ"] = InnerType };
        change?.Invoke(header);
        return JWE.EncryptBytes(
            content ?? Content(),
            recipients ?? [Recipient()],
            encryption,
            aad,
            SerializationMode.Json,
            compression,
            header,
            unprotected
        );
    }

    public byte[] Outer(
        string inner,
        object? key = null,
        Action<Dictionary<string, object>>? change = null,
        JweAlgorithm algorithm = JweAlgorithm.A256KW,
        JweEncryption encryption = JweEncryption.A256GCM,
        JweCompression? compression = null
    )
    {
        var header = new Dictionary<string, object> { ["typ"] = OuterType, ["kid"] = "3" };
        change?.Invoke(header);
        var jwe = JWE.Encrypt(
            inner,
            [new JweRecipient(algorithm, key ?? TenantKey.Bytes.ToArray())],
            encryption,
            mode: SerializationMode.Compact,
            compression: compression,
            extraProtectedHeaders: header
        );
        return Encoding.ASCII.GetBytes(jwe);
    }

    public static string Party(string name) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name));

    public static ECDiffieHellman NewKey() => ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    public static string KidOf(ECDiffieHellman key) => EnvelopeKeys.Thumbprint(key.ExportParameters(includePrivateParameters: false));

    public static EnvelopeRecipient RecipientOf(ECDiffieHellman key) =>
        new(KidOf(key), key.ExportParameters(includePrivateParameters: false));

    public void Dispose() => Agent.Dispose();
}
