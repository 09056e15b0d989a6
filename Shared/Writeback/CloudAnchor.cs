using System.Security.Cryptography;

namespace Portal.Writeback;

/// <summary>The immutable id of a cloud user (M13): 128 random bits as 22 characters of base64url, given once, never derived from a name.</summary>
public readonly record struct CloudAnchor(string Value)
{
    public static CloudAnchor New() => new(System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));

    public override string ToString() => Value;
}
