using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portal.Tenants;
using PortalApp.Gates;
using PortalApp.Secrets;

namespace PortalApp.PasswordReset.Decoys;

/// <summary>
/// What a name has where it has no account, drawn by HMAC(decoy key, tenant, normalised name). The same for ever, and nobody else can work it
/// out.
/// </summary>
/// <param name="Subject">Of the form of a user's id: 22 characters of base64url.</param>
/// <param name="Seed">Draws all else; says nothing of the subject, nor that of it.</param>
internal sealed record Decoy(string Subject, string Seed)
{
    private const int SubjectBytes = 16;

    /// <summary>0 to below 1: draws the page.</summary>
    public double Page => Fraction("page");

    /// <summary>0 to below 1: draws the methods.</summary>
    public double Profile => Fraction("profile");

    /// <summary>0 to below 1: draws what is shown of a method.</summary>
    public double MaskOf(GateMethod method) => Fraction("mask", ((int)method).ToString(CultureInfo.InvariantCulture));

    public static Decoy Of(byte[] key, TenantId tenant, UserPrincipalName name)
    {
        var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{tenant}\n{name.Value}"));
        return new(Base64Url.EncodeToString(hash.AsSpan(0, SubjectBytes)), Base64Url.EncodeToString(hash.AsSpan(SubjectBytes)));
    }

    private double Fraction(params ReadOnlySpan<string> what) =>
        (BinaryPrimitives.ReadUInt64BigEndian(FieldMac.Of(Encoding.ASCII.GetBytes(Seed), what)) >> 11) * Math.ScaleB(1, -53);
}
