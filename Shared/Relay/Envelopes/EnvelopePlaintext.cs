using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portal.Policy;
using Portal.Tenants;
using Portal.Writeback;

namespace Portal.Relay.Envelopes;

/// <summary>What is sealed: four bytes of length (big-endian), one JSON object, zeros up to one size for every kind and password (H79).</summary>
internal static class EnvelopePlaintext
{
    private const int Version = 1;

    /// <summary>256 UTF-16 units take at most 1,536 bytes as JSON; the rest needs under 400.</summary>
    private const int Size = 2048;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Strict)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    public static byte[] Write(WritebackRequest request)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(
            new Sealed(
                Version,
                request.Id.Value,
                request.Tenant.Value,
                request.Anchor?.Value,
                (int)request.Kind,
                request.Issued.ToUnixTimeMilliseconds(),
                request.Deadline.ToUnixTimeMilliseconds(),
                request.Password?.Reveal()
            ),
            Options
        );
        var plain = new byte[Size];
        BinaryPrimitives.WriteInt32BigEndian(plain, json.Length);
        json.CopyTo(plain, 4);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(json);
        return plain;
    }

    public static WritebackRequest? TryRead(ReadOnlySpan<byte> plain)
    {
        if (plain.Length != Size || BinaryPrimitives.ReadInt32BigEndian(plain) is < 2 or > Size - 4)
        {
            return null;
        }

        var read = JsonSerializer.Deserialize<Sealed>(plain.Slice(4, BinaryPrimitives.ReadInt32BigEndian(plain)), Options);
        if (read is not { V: Version } || !Enum.IsDefined((RequestKind)read.Kind))
        {
            return null;
        }

        var kind = (RequestKind)read.Kind;
        var password = read.Password is null ? null : NewPassword.TryCreate(read.Password);
        var wantsPassword = kind is RequestKind.Reset or RequestKind.Change or RequestKind.AdministratorReset;
        return wantsPassword != (password is not null) || (kind != RequestKind.Health) != (read.Anchor is not null)
            ? null
            : new WritebackRequest(
                new RequestId(read.Id),
                new TenantId(read.Tenant),
                read.Anchor is null ? null : new CloudAnchor(read.Anchor),
                kind,
                DateTimeOffset.FromUnixTimeMilliseconds(read.Issued),
                DateTimeOffset.FromUnixTimeMilliseconds(read.Deadline),
                password
            );
    }

    private sealed record Sealed(int V, string Id, int Tenant, string? Anchor, int Kind, long Issued, long Deadline, string? Password)
    {
        public override string ToString() => "(sealed request)";
    }
}
