using System.Numerics;
using System.Security.Cryptography;

namespace PortalApp.Audit.Chain;

/// <summary>The 32 bytes by which the audit is sealed, from where the portal's own keys are.</summary>
internal delegate byte[] AuditKeySource();

/// <summary>What seals the entries, and the pair of keys by which the end of each day is signed: whoever has the public one needs no portal.</summary>
internal sealed class AuditKeys(AuditKeySource source)
{
    /// <summary>Of P-256 (FIPS 186-4 D.1.2.3).</summary>
    private static readonly BigInteger order = BigInteger.Parse(
        "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
        System.Globalization.NumberStyles.HexNumber,
        System.Globalization.CultureInfo.InvariantCulture
    );

    public SealMac NewMac() => new(Derive("audit-seal", 32));

    /// <summary>The private key comes of extra random bits (FIPS 186-4 B.4.1).</summary>
    public ECDsa NewSigner()
    {
        var scalar = (new BigInteger(Derive("audit-day", 40), isUnsigned: true, isBigEndian: true) % (order - 1)) + 1;
        var bytes = scalar.ToByteArray(isUnsigned: true, isBigEndian: true);
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = [.. new byte[32 - bytes.Length], .. bytes] });
    }

    private byte[] Derive(string use, int length) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, source(), length, info: System.Text.Encoding.ASCII.GetBytes(use));
}
