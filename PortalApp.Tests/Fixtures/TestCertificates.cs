using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Fixtures;

/// <summary>
/// An own certificate authority in a folder, for loopback only, and the server certificates that it signs.
/// Layout: <c>trusted/ca.pem</c> (alone there, so that the folder can be given as a folder of trusted certificates) and <c>ca.key</c>.
/// </summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly TimeSpan Renewal = TimeSpan.FromDays(30);
    private readonly X509Certificate2 authority;

    private TestCertificates(string folder, X509Certificate2 authority)
    {
        Folder = folder;
        this.authority = authority;
    }

    public string Folder { get; }

    public string TrustedFolder => Path.Combine(Folder, "trusted");

    public string AuthorityFile => Path.Combine(TrustedFolder, "ca.pem");

    /// <summary>Takes the authority that lies in the folder, or makes one when there is none that is valid for another month.</summary>
    public static async Task<TestCertificates> OpenOrCreateAsync(string folder, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(Path.Combine(folder, "trusted"));
        var (certificateFile, keyFile) = (Path.Combine(folder, "trusted", "ca.pem"), Path.Combine(folder, "ca.key"));
        await using var only = await FolderLock.TakeAsync(Path.Combine(folder, ".lock"), cancellation);
        if (TryLoad(certificateFile, keyFile) is { } found)
        {
            return new(folder, found);
        }

        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Portal test authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(3650));
        WriteKey(keyFile, key);
        File.WriteAllText(certificateFile, made.ExportCertificatePem());
        return new(
            folder,
            TryLoad(certificateFile, keyFile) ?? throw new InvalidOperationException("The new test authority cannot be read back.")
        );
    }

    /// <summary>A server certificate for these names and addresses, reused while it is valid for another month.</summary>
    public ServerCertificate Issue(
        string folder,
        string name,
        IReadOnlyList<string> dnsNames,
        IReadOnlyList<IPAddress> addresses,
        double days = 397
    )
    {
        Directory.CreateDirectory(folder);
        var files = new ServerCertificate(Path.Combine(folder, name + ".pem"), Path.Combine(folder, name + ".key"));
        if (TryLoad(files.CertificateFile, files.KeyFile) is { } found)
        {
            using (found)
            {
                string[] names = [.. dnsNames, .. addresses.Select(a => a.ToString())];
                if (names.All(n => found.MatchesHostname(n)) && IsSignedByUs(found))
                {
                    return files;
                }
            }
        }

        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={dnsNames[0]}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var alternatives = new SubjectAlternativeNameBuilder();
        dnsNames.ToList().ForEach(alternatives.AddDnsName);
        addresses.ToList().ForEach(alternatives.AddIpAddress);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true)
        );
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([Oid.FromOidValue("1.3.6.1.5.5.7.3.1", OidGroup.EnhancedKeyUsage)], false)
        );
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.Create(authority, now.AddDays(-1), now.AddDays(days), RandomNumberGenerator.GetBytes(16));
        WriteKey(files.KeyFile, key);
        File.WriteAllText(files.CertificateFile, made.ExportCertificatePem());
        return files;
    }

    /// <summary>This authority and nothing else.</summary>
    public X509ChainPolicy Trust
    {
        get
        {
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(AuthorityFile));
            return trust;
        }
    }

    /// <summary>A client that trusts this authority and nothing else; redirects are the caller's.</summary>
    public HttpClient CreateClient(Uri baseAddress, bool keepsCookies = true, IPAddress? from = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = keepsCookies,
            SslOptions = { CertificateChainPolicy = Trust },
            ConnectCallback = from is null
                ? null
                : (context, cancellation) => ConnectFromAsync(from, context.DnsEndPoint.Port, cancellation),
        };
        return new(handler, disposeHandler: true) { BaseAddress = baseAddress };
    }

    /// <summary>To this machine, as a caller of another network of it.</summary>
    private static async ValueTask<Stream> ConnectFromAsync(IPAddress from, int port, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => authority.Dispose();

    private static X509Certificate2? TryLoad(string certificateFile, string keyFile)
    {
        try
        {
            var found = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            if (found.NotAfter.ToUniversalTime() > TimeProvider.System.GetUtcNow().UtcDateTime + Renewal)
            {
                return found;
            }

            found.Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or CryptographicException)
        {
            return null;
        }
    }

    private static void WriteKey(string file, RSA key)
    {
        File.Delete(file);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var writer = new StreamWriter(file, options);
        writer.Write(key.ExportPkcs8PrivateKeyPem());
    }

    private bool IsSignedByUs(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(certificate);
    }
}

/// <summary>PEM files; the key is readable by its owner alone.</summary>
internal sealed record ServerCertificate(string CertificateFile, string KeyFile);
