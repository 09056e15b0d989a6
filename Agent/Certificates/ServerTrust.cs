using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Agent.Certificates;

/// <summary>Whether a server is the one that was meant: one answer for portal, relay and directory, and one description of a refusal.</summary>
/// <param name="bundle">Null: the machine's own roots.</param>
/// <param name="key">Of <c>agent.json</c>, for the description.</param>
internal sealed class ServerTrust(X509Certificate2Collection? bundle, string key)
{
    private const int LongestName = 200;
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>As a TLS stream reports it.</summary>
    /// <param name="built">By the TLS stream; holds what the server sent.</param>
    /// <returns>What was sent and what is missing, half a sentence; null where the server is trusted. A name that does not fit is fatal (H63).</returns>
    public string? Problem(string host, X509Certificate? certificate, X509Chain? built, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return $"{host} sent no certificate";
        }

        using var own = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"the certificate \"{Name(own.SubjectName)}\" that {host} sent is not for that name";
        }

        var sent = built?.ChainPolicy.ExtraStore ?? [];
        using var chain = new X509Chain { ChainPolicy = CertificateBundle.PolicyOf(bundle, sent) };
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        return chain.Build(own) && (bundle is not null || errors == SslPolicyErrors.None) ? null : Describe(host, own, sent, chain);
    }

    /// <summary>Asks a server for its certificates, for a library that says no more than that it failed. Null: they are right, or none came.</summary>
    public string? Ask(string host, int port, TimeSpan limit)
    {
        string? problem = null;
        try
        {
            using var socket = new TcpClient();
            if (!socket.ConnectAsync(host, port).Wait(limit))
            {
                return null;
            }

            socket.ReceiveTimeout = socket.SendTimeout = (int)limit.TotalMilliseconds;
            using var tls = new SslStream(
                socket.GetStream(),
                leaveInnerStreamOpen: false,
                (_, certificate, built, errors) => (problem = Problem(host, certificate, built, errors)) is null
            );
            tls.AuthenticateAsClient(host);
        }
        catch (Exception e) when (e is AggregateException or SocketException or IOException or AuthenticationException) { }

        return problem;
    }

    private string Describe(string host, X509Certificate2 own, X509Certificate2Collection sent, X509Chain chain)
    {
        var certificates = sent.Where(one => !one.RawDataMemory.Span.SequenceEqual(own.RawDataMemory.Span))
            .Prepend(own)
            .Select(one => $"\"{Name(one.SubjectName)}\" signed by \"{Name(one.IssuerName)}\"");
        return $"{host} sent {string.Join(", ", certificates)}; {Missing(chain)}";
    }

    private string Missing(X509Chain chain)
    {
        var top = chain.ChainElements[^1].Certificate;
        var place = bundle is null ? "among the machine's roots" : $"in {key}";
        var late = chain.ChainElements.FirstOrDefault(e => e.ChainElementStatus.Any(s => s.Status == X509ChainStatusFlags.NotTimeValid));
        var flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        return late is not null
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"\"{Name(late.Certificate.SubjectName)}\" is good from {late.Certificate.NotBefore.ToUniversalTime():u} to {late.Certificate.NotAfter.ToUniversalTime():u} only"
                )
            : flags.HasFlag(X509ChainStatusFlags.PartialChain)
                ? $"\"{Name(top.IssuerName)}\", which signed \"{Name(top.SubjectName)}\", was neither sent nor is it {place}"
            : flags.HasFlag(X509ChainStatusFlags.UntrustedRoot) ? $"the root \"{Name(top.SubjectName)}\" is not {place}"
            : $"it is refused for {flags}";
    }

    /// <summary>Written by whoever answered: without what would break a line of the log.</summary>
    private static string Name(X500DistinguishedName name)
    {
        var text = new string([.. name.Name.Select(c => char.IsControl(c) ? ' ' : c)]);
        return text.Length <= LongestName ? text : text[..LongestName];
    }
}

/// <summary>Thrown from within a TLS handshake, where nothing else can carry the description.</summary>
internal sealed class UntrustedServerException(string problem) : AuthenticationException(problem);
