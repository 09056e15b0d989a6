using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Portal.Tenants;

namespace PortalApp.PasswordReset.Decoys;

/// <summary>What a name has where it has no account: HMAC(decoy key, tenant, normalised name). The same for ever, and nobody else can work it out.</summary>
/// <param name="Subject">Of the form of a user's id: 22 characters of base64url.</param>
/// <param name="Page">0 to below 1: draws the page.</param>
/// <param name="Mask">0 to below 1: draws the address's mask.</param>
internal sealed record Decoy(string Subject, double Page, double Mask)
{
    private const int SubjectBytes = 16;

    public static Decoy Of(byte[] key, TenantId tenant, UserPrincipalName name)
    {
        var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{tenant}\n{name.Value}"));
        return new(Base64Url.EncodeToString(hash.AsSpan(0, SubjectBytes)), Fraction(hash.AsSpan(16)), Fraction(hash.AsSpan(24)));
    }

    private static double Fraction(ReadOnlySpan<byte> bytes) => (BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 11) * Math.ScaleB(1, -53);
}
