using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Agent.Certificates;

/// <summary>A PEM file of authorities: roots, and perhaps intermediates that lead to one of them. Means the same to each of the agent's ways out.</summary>
internal static class CertificateBundle
{
    /// <summary>Null for no file: the machine's own roots are meant.</summary>
    public static X509Certificate2Collection? Read(string? file)
    {
        if (string.IsNullOrEmpty(file))
        {
            return null;
        }

        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        return certificates;
    }

    /// <summary>What is wrong with the file as a bundle; null where it can be trusted in.</summary>
    public static string? Problem(string file)
    {
        try
        {
            var certificates = Read(file);
            return certificates is null or { Count: 0 } ? $"{file} holds no certificate in PEM."
                : certificates.Any(IsRoot) ? null
                : $"{file} holds no root: \"{certificates[0].Subject}\" is signed by \"{certificates[0].Issuer}\", which has to be in it.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return $"write the path of a file with certificates in PEM: {e.Message}";
        }
    }

    /// <summary>Without those that lead to no root of the bundle: some TLS libraries would trust such a one by itself.</summary>
    public static IEnumerable<X509Certificate2> Rooted(X509Certificate2Collection bundle) =>
        bundle.Where(certificate =>
        {
            using var chain = new X509Chain { ChainPolicy = PolicyOf(bundle, []) };
            chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid | X509VerificationFlags.IgnoreWrongUsage;
            return IsRoot(certificate) || chain.Build(certificate);
        });

    /// <summary>Nothing is fetched: who has no way out but to the portal gets the same answer.</summary>
    /// <param name="bundle">Null: the machine's own roots.</param>
    /// <param name="sent">By the server, besides its own.</param>
    public static X509ChainPolicy PolicyOf(X509Certificate2Collection? bundle, X509Certificate2Collection sent)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.ExtraStore.AddRange(sent);
        if (bundle is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            foreach (var certificate in bundle)
            {
                (IsRoot(certificate) ? policy.CustomTrustStore : policy.ExtraStore).Add(certificate);
            }
        }

        return policy;
    }

    private static bool IsRoot(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
