using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace PortalApp.Audit.Syslog;

/// <summary>
/// Syslog has no word for "received": a sender that is not answered cannot know what a receiver read before it fell. So a batch is a connection,
/// and the receiver's own close, after ours, says that it has read to the end.
/// </summary>
internal sealed class SyslogConnection(SyslogOptions options)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <exception cref="SyslogException">Nobody can tell whether the receiver has it: it is to be sent again.</exception>
    public async Task SendAsync(IReadOnlyList<byte[]> frames, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(options.Host, options.Port, limit.Token);
            await using var tls = new SslStream(tcp.GetStream());
            await tls.AuthenticateAsClientAsync(Trust(), limit.Token);
            foreach (var frame in frames)
            {
                await tls.WriteAsync(frame, limit.Token);
            }

            await tls.FlushAsync(limit.Token);
            await tls.ShutdownAsync().WaitAsync(limit.Token);
            tcp.Client.Shutdown(SocketShutdown.Send);
            var rest = new byte[64];
            while (await tls.ReadAsync(rest, limit.Token) > 0) { }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SyslogException($"it did not answer, or did not end the connection, within {Limit.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is IOException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            throw new SyslogException(e.InnerException?.Message ?? e.Message);
        }
    }

    private SslClientAuthenticationOptions Trust()
    {
        var trust = new SslClientAuthenticationOptions { TargetHost = options.Host };
        if (!string.IsNullOrEmpty(options.Ca) && AuditOptionsValidator.AuthoritiesIn(options.Ca) is { } authorities)
        {
            trust.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            trust.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        return trust;
    }
}

/// <summary>Its message is a half-sentence.</summary>
internal sealed class SyslogException(string why) : Exception(why);
