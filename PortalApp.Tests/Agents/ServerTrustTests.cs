using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Agent;
using Agent.Certificates;
using Agent.Directory.Channels;
using Agent.Portal;
using Agent.Relay;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Agents;

/// <summary>One server with a root, an issuing authority and its own certificate; asked by HTTPS, as a relay, and by LDAPS.</summary>
public sealed class ServerTrustTests : IDisposable
{
    private readonly X509Certificate2 root = NewAuthority("CN=Root", null);
    private readonly X509Certificate2 other = NewAuthority("CN=Other root", null);
    private readonly X509Certificate2 issuing;
    private readonly X509Certificate2 own;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private int heard;

    public ServerTrustTests()
    {
        issuing = NewAuthority("CN=Issuing", root);
        own = NewServer(issuing);
        listener.Start();
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose()
    {
        listener.Dispose();
        foreach (var certificate in new[] { root, other, issuing, own })
        {
            certificate.Dispose();
        }
    }

    [Theory]
    [InlineData("root", true, null)]
    [InlineData("root and issuing", false, null)]
    [InlineData("root and issuing", true, null)]
    [InlineData("root", false, "\"CN=Issuing\", which signed \"CN=server\", was neither sent nor is it in")]
    [InlineData("other root", true, "\"CN=Root\", which signed \"CN=Issuing\", was neither sent nor is it in")]
    public async Task Portal_relay_and_directory_give_the_same_answer_to_each_bundle_and_say_what_is_missing(
        string bundle,
        bool sendsIssuing,
        string? missing
    )
    {
        var file = Write(
            bundle switch
            {
                "root" => [root],
                "root and issuing" => [root, issuing],
                _ => [other],
            }
        );
        var hearing = HearAsync(sendsIssuing);

        foreach (var ask in new[] { AskPortalAsync, AskRelayAsync, (Func<string, Task<string>>)AskDirectoryAsync })
        {
            var before = heard;
            var told = await ask(file);
            Assert.Equal(missing is null, heard > before);
            Assert.Contains(missing ?? "", told, StringComparison.Ordinal);
            Assert.Equal(
                missing is not null,
                told.Contains("127.0.0.1 sent \"CN=server\" signed by \"CN=Issuing\"", StringComparison.Ordinal)
            );
        }

        listener.Stop();
        await hearing;
    }

    [Fact]
    public void A_bundle_without_a_root_is_refused_at_the_start_and_the_root_is_named()
    {
        var problem = CertificateBundle.Problem(Write([issuing]));

        Assert.Contains("holds no root: \"CN=Issuing\" is signed by \"CN=Root\"", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_leads_to_no_root_of_the_bundle_is_not_trusted_by_itself()
    {
        var bundle = CertificateBundle.Read(Write([other, issuing]))!;

        Assert.Equal(["CN=Other root"], CertificateBundle.Rooted(bundle).Select(certificate => certificate.Subject));
    }

    private async Task<string> AskPortalAsync(string file)
    {
        var origin = $"https://127.0.0.1:{Port}";
        await using var services = new ServiceCollection().AddPortalHttp(origin, CertificateBundle.Read(file)).BuildServiceProvider();
        try
        {
            using var answer = await services
                .GetRequiredService<IHttpClientFactory>()
                .CreateClient(PortalClient.ClientName)
                .GetAsync(new Uri("/", UriKind.Relative), Cancelled);
            return answer.StatusCode.ToString();
        }
        catch (HttpRequestException e)
        {
            return PortalFailure.Describe(e);
        }
    }

    private async Task<string> AskRelayAsync(string file)
    {
        var endpoint = new RelayEndpoint(new($"wss://127.0.0.1:{Port}/relay"), "agent-1", "secret", CertificateBundle.Read(file));
        return Assert.IsType<RelayConnecting.Refused>(await RelayConnection.ConnectAsync(endpoint, Cancelled)).Detail;
    }

    private async Task<string> AskDirectoryAsync(string file)
    {
        var folder = Repository.NewFolder("trust");
        var secret = Path.Combine(folder, "bind.secret");
        await File.WriteAllTextAsync(secret, "Granite-Ferry-6208", Cancelled);
        var options = new DirectoryOptions
        {
            Port = Port,
            Ca = file,
            BindName = "svc@corp.test",
            BindPasswordFile = secret,
        };
        var opening = new ChannelOpening(options, Path.Combine(folder, "directory-trust"), TimeProvider.System);
        return Assert.IsType<Opening.Failed>(await Task.Run(() => opening.Open("127.0.0.1"), Cancelled)).Why;
    }

    /// <summary>Counts the callers that trust the server enough to say something, until the listener is stopped.</summary>
    private async Task HearAsync(bool sendsIssuing)
    {
        var context = SslStreamCertificateContext.Create(own, sendsIssuing ? [issuing] : [], offline: true);
        while (true)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(Cancelled);
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = context }, Cancelled);
                if (await tls.ReadAsync(new byte[4096], Cancelled) > 0)
                {
                    Interlocked.Increment(ref heard);
                }
            }
            catch (Exception e) when (e is IOException or AuthenticationException) { }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private static string Write(IEnumerable<X509Certificate2> certificates)
    {
        var file = Path.Combine(Repository.NewFolder("bundle"), "ca.pem");
        File.WriteAllText(file, string.Join('\n', certificates.Select(certificate => certificate.ExportCertificatePem())));
        return file;
    }

    private static X509Certificate2 NewAuthority(string name, X509Certificate2? signedBy)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        if (signedBy is null)
        {
            return request.CreateSelfSigned(now.AddDays(-30), now.AddDays(30));
        }

        using var made = request.Create(signedBy, now.AddDays(-20), now.AddDays(20), [1, 2, 3, 4]);
        return made.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 NewServer(X509Certificate2 authority)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.Create(authority, now.AddDays(-10), now.AddDays(10), [5, 6, 7, 8]);
        using var whole = made.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }
}
