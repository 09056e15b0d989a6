using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Portal.Tenants;
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

    /// <summary>
    /// One of them, each as likely as its share of the accounts. Whoever is counted or no longer counted moves as few draws as there can be:
    /// those that go to a choice whose share grew and those that leave one whose share shrank. So a name without an account changes what it
    /// shows no more often than a real one does (weighted rendezvous hashing).
    /// </summary>
    /// <param name="what">What is drawn; each draws for itself.</param>
    /// <param name="choices">By name, with the accounts that have it, each at least one; not empty.</param>
    public T Draw<T>(string what, IEnumerable<(T Choice, string Name, int Accounts)> choices) =>
        choices.MinBy(c => -Math.Log(1 - Fraction(what, c.Name)) / c.Accounts).Choice;

    public static Decoy Of(byte[] key, TenantId tenant, UserPrincipalName name)
    {
        var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{tenant}\n{name.Value}"));
        return new(Base64Url.EncodeToString(hash.AsSpan(0, SubjectBytes)), Base64Url.EncodeToString(hash.AsSpan(SubjectBytes)));
    }

    private double Fraction(params ReadOnlySpan<string> what) =>
        (BinaryPrimitives.ReadUInt64BigEndian(FieldMac.Of(Encoding.ASCII.GetBytes(Seed), what)) >> 11) * Math.ScaleB(1, -53);
}
