using System.Security.Cryptography;

namespace Portal.Writeback;

/// <summary>A writeback request's id: 128 random bits as 22 characters of base64url.</summary>
public readonly record struct RequestId(string Value)
{
    public static RequestId New() => new(System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));

    public override string ToString() => Value;
}
