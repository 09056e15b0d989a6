using System.Formats.Asn1;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Agent.Directory;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Writeback;

/// <summary>A controller that answers each search by naming another server (RFC 4511 4.1.10).</summary>
public sealed class AgentReferralTests(ForestFixture forests)
{
    private const int BindRequest = 0;
    private const int UnbindRequest = 2;
    private const int Success = 0;
    private const int Referral = 10;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Case", "H61")]
    public async Task A_referral_is_not_followed_and_the_server_that_it_names_hears_nothing()
    {
        var certificates = await forests.CertificatesAsync();
        var folder = Repository.NewFolder("referral");
        var issued = certificates.Issue(folder, "dc", ["localhost"], [IPAddress.Loopback]);
        using var certificate = X509Certificate2.CreateFromPemFile(issued.CertificateFile, issued.KeyFile);
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        using var controller = new TcpListener(IPAddress.Loopback, 0);
        controller.Start();
        var referring = ReferAsync(
            controller,
            certificate,
            $"ldap://127.0.0.1:{((IPEndPoint)elsewhere.LocalEndpoint).Port}/{Forest.BaseDn}"
        );
        using var portal = new AgentPortal();
        await using var agent = new AgentUnderTest(
            new AgentSetup("https://portal.test", await forests.StartedAsync()),
            portal,
            change: options =>
                options with
                {
                    Directory = options.Directory with
                    {
                        Servers = ["127.0.0.1"],
                        Port = ((IPEndPoint)controller.LocalEndpoint).Port,
                        Ca = certificates.AuthorityFile,
                    },
                }
        );

        var none = Assert.IsType<Rent.None>(await agent.Directory.RentAsync(null, Ct));

        Assert.False(none.Misconfigured);
        Assert.False(elsewhere.Pending());
        controller.Stop();
        Assert.True(await referring > 0);
    }

    /// <returns>How many searches were referred.</returns>
    private static async Task<int> ReferAsync(TcpListener listener, X509Certificate2 certificate, string to)
    {
        var referred = 0;
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(Ct);
                await using var tls = new SslStream(client.GetStream());
                try
                {
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, Ct);
                    referred += await AnswerAsync(tls, to);
                }
                catch (Exception e) when (e is IOException or AuthenticationException)
                {
                    // The agent has turned away.
                }
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException or OperationCanceledException)
        {
            return referred;
        }
    }

    private static async Task<int> AnswerAsync(Stream stream, string to)
    {
        var (heard, referred) = (new byte[4096], 0);
        while (await stream.ReadAsync(heard, Ct) is > 0 and var read)
        {
            var message = new AsnReader(heard.AsMemory(0, read), AsnEncodingRules.BER).ReadSequence();
            var (id, asked) = ((int)message.ReadInteger(), message.PeekTag().TagValue);
            if (asked == UnbindRequest)
            {
                break;
            }

            referred += asked == BindRequest ? 0 : 1;
            await stream.WriteAsync(Answer(id, asked, asked == BindRequest ? null : to), Ct);
        }

        return referred;
    }

    /// <summary>The answer's own tag is the request's plus one, and a search's plus two.</summary>
    private static byte[] Answer(int id, int asked, string? to)
    {
        var answer = new AsnWriter(AsnEncodingRules.BER);
        using (answer.PushSequence())
        {
            answer.WriteInteger(id);
            using (answer.PushSequence(new Asn1Tag(TagClass.Application, asked == BindRequest ? 1 : asked + 2)))
            {
                answer.WriteEncodedValue([0x0a, 1, (byte)(to is null ? Success : Referral)]);
                answer.WriteOctetString([]);
                answer.WriteOctetString([]);
                if (to is not null)
                {
                    using (answer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
                    {
                        answer.WriteOctetString(Encoding.ASCII.GetBytes(to));
                    }
                }
            }
        }

        return answer.Encode();
    }
}
