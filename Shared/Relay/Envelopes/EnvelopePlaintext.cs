using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Agents;
using Portal.Policy;
using Portal.Tenants;
using Portal.Writeback;

namespace Portal.Relay.Envelopes;

/// <summary>
/// What is sealed: four bytes of length (big-endian), one JSON object, zeros up to a whole number of steps. Every kind of today fits one step
/// whatever its passwords are, so that the size tells nothing (H79). Passwords are base64 of UTF-16LE, as long for any letters: two of 256 units
/// take 1,368 bytes, and all else under 400.
/// </summary>
internal static class EnvelopePlaintext
{
    private const int Version = 1;
    private const int Step = 2048;

    private static readonly UnicodeEncoding Utf16 = new(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);

    private static readonly JsonSerializerOptions Options = new(WireJson.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static byte[] Write(WritebackRequest request)
    {
        var content = ContentOf(request);
        var json = JsonSerializer.SerializeToUtf8Bytes(content, Options);
        var plain = new byte[(4 + json.Length + Step - 1) / Step * Step];
        BinaryPrimitives.WriteInt32BigEndian(plain, json.Length);
        json.CopyTo(plain, 4);
        content.Forget();
        CryptographicOperations.ZeroMemory(json);
        return plain;
    }

    /// <summary>Null where a member that the kind needs is missing or is no such thing; throws for what is no such JSON at all.</summary>
    public static WritebackRequest? TryRead(ReadOnlySpan<byte> plain)
    {
        var length = plain.Length > 0 && plain.Length % Step == 0 ? BinaryPrimitives.ReadInt32BigEndian(plain) : 0;
        if (length < 2 || length > plain.Length - 4)
        {
            return null;
        }

        return JsonSerializer.Deserialize<Sealed>(plain.Slice(4, length), Options) is { V: Version } read ? RequestOf(read) : null;
    }

    private static Sealed ContentOf(WritebackRequest request)
    {
        var content = new Sealed(
            Version,
            request.Id.Value,
            request.Tenant.Value,
            (int)request.Kind,
            request.Issued.ToUnixTimeMilliseconds(),
            request.Deadline.ToUnixTimeMilliseconds(),
            (request as WritebackRequest.OfAccount)?.Anchor.Value
        );
        return request switch
        {
            WritebackRequest.Health or WritebackRequest.Check or WritebackRequest.Unlock or WritebackRequest.Explain => content,
            WritebackRequest.Reset reset => content with { Password = Utf16.GetBytes(reset.Password.Reveal()) },
            WritebackRequest.Change change => content with
            {
                Current = Utf16.GetBytes(change.Current.Reveal()),
                Password = Utf16.GetBytes(change.Password.Reveal()),
            },
            WritebackRequest.Verify verify => content with { Current = Utf16.GetBytes(verify.Current.Reveal()) },
            WritebackRequest.AdministratorReset reset => content with
            {
                Password = Utf16.GetBytes(reset.Password.Reveal()),
                MustChange = reset.MustChange,
            },
            _ => throw new ArgumentException("Nobody asks for a kind that he does not know.", nameof(request)),
        };
    }

    private static WritebackRequest? RequestOf(Sealed read)
    {
        var header = new RequestHeader(
            new RequestId(read.Id),
            new TenantId(read.Tenant),
            DateTimeOffset.FromUnixTimeMilliseconds(read.Issued),
            DateTimeOffset.FromUnixTimeMilliseconds(read.Deadline)
        );
        if (!Enum.IsDefined((RequestKind)read.Kind))
        {
            return new WritebackRequest.Unsupported(header, read.Kind);
        }

        var anchor = read.Anchor is null ? (CloudAnchor?)null : new CloudAnchor(read.Anchor);
        var password = NewPassword.TryCreate(TextOf(read.Password));
        var current = CurrentPassword.TryCreate(TextOf(read.Current));
        read.Forget();
        return ((RequestKind)read.Kind, anchor, password) switch
        {
            (RequestKind.Health, _, _) => new WritebackRequest.Health(header),
            (RequestKind.Check, { } of, _) => new WritebackRequest.Check(header, of),
            (RequestKind.Explain, { } of, _) => new WritebackRequest.Explain(header, of),
            (RequestKind.Unlock, { } of, _) => new WritebackRequest.Unlock(header, of),
            (RequestKind.Reset, { } of, { } set) => new WritebackRequest.Reset(header, of, set),
            (RequestKind.Change, { } of, { } set) when current is not null => new WritebackRequest.Change(header, of, current, set),
            (RequestKind.Verify, { } of, _) when current is not null => new WritebackRequest.Verify(header, of, current),
            (RequestKind.AdministratorReset, { } of, { } set) when read.MustChange is { } must => new WritebackRequest.AdministratorReset(
                header,
                of,
                set,
                must
            ),
            _ => null,
        };
    }

    private static string? TextOf(byte[]? utf16) => utf16 is null ? null : Utf16.GetString(utf16);

    /// <summary>The members of all kinds; each kind has some of those after <paramref name="Deadline"/>.</summary>
    private sealed record Sealed(
        int V,
        string Id,
        int Tenant,
        int Kind,
        long Issued,
        long Deadline,
        string? Anchor = null,
        byte[]? Password = null,
        byte[]? Current = null,
        bool? MustChange = null
    )
    {
        public void Forget()
        {
            CryptographicOperations.ZeroMemory(Password);
            CryptographicOperations.ZeroMemory(Current);
        }

        public override string ToString() => "(sealed request)";
    }
}
