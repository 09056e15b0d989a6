using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Agent;
using Agent.Directory;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Writeback;

/// <summary>Whom the agent tells the password of its directory account, and when it does not connect at all.</summary>
public sealed class AgentConnectionTests(ForestFixture forests) : IAsyncDisposable
{
    private readonly AgentPortal portal = new();
    private AgentUnderTest? agent;

    public async ValueTask DisposeAsync()
    {
        if (agent is not null)
        {
            await agent.DisposeAsync();
        }

        portal.Dispose();
    }

    [Theory]
    [Trait("Case", "H63")]
    [InlineData("the right one", 1)]
    [InlineData("another authority", 0)]
    [InlineData("another name", 0)]
    [InlineData("expired", 0)]
    public async Task The_bind_password_goes_only_to_a_controller_whose_certificate_is_right(string certificate, int connections)
    {
        var address = IPAddress.Parse("127.0.0.1");
        using var authority = NewAuthority();
        using var other = NewAuthority();
        using var server = Issue(
            certificate == "another authority" ? other : authority,
            certificate == "another name" ? IPAddress.Parse("127.0.0.2") : address,
            certificate == "expired" ? -1 : 1
        );
        using var listener = new TcpListener(address, 0);
        listener.Start();
        var heard = HearAsync(listener, server);
        await StartAsync(options =>
            options with
            {
                Directory = options.Directory with
                {
                    Servers = [address.ToString()],
                    Port = ((IPEndPoint)listener.LocalEndpoint).Port,
                    Ca = WriteAuthority(authority),
                },
            }
        );

        Assert.False(await agent!.Directory.IsAnsweringAsync(TestContext.Current.CancellationToken));
        listener.Stop();

        var said = await heard;
        Assert.Equal(
            connections,
            said.Count(bytes => Encoding.UTF8.GetString(bytes).Contains(Forest.AgentPassword, StringComparison.Ordinal))
        );
        Assert.Equal(connections, said.Count(bytes => bytes.Length > 0));
    }

    [Fact]
    [Trait("Case", "H63")]
    public async Task A_controller_without_encryption_hears_no_credential()
    {
        var address = IPAddress.Loopback;
        using var listener = new TcpListener(address, 0);
        listener.Start();
        var hearing = HearPlainAsync(listener);
        await StartAsync(options =>
            options with
            {
                Directory = options.Directory with { Servers = [address.ToString()], Port = ((IPEndPoint)listener.LocalEndpoint).Port },
            }
        );

        Assert.False(await agent!.Directory.IsAnsweringAsync(TestContext.Current.CancellationToken));

        var said = Encoding.UTF8.GetString(await hearing);
        Assert.DoesNotContain(Forest.AgentPassword, said, StringComparison.Ordinal);
        Assert.DoesNotContain("svc-portal-agent", said, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Case", "H62")]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData(" \r\n")]
    public async Task Without_a_bind_password_there_is_no_bind(string content)
    {
        await StartAsync(options => options);
        await File.WriteAllTextAsync(Path.Combine(agent!.Folder, "bind.secret"), content, TestContext.Current.CancellationToken);

        var none = Assert.IsType<Rent.None>(await agent.Directory.RentAsync(null, TestContext.Current.CancellationToken));

        Assert.True(none.Misconfigured);
        Assert.Contains("is empty", none.Why, StringComparison.Ordinal);
        Assert.False(await agent.Directory.IsAnsweringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_wrong_bind_password_is_tried_once_and_does_not_lock_the_agents_account()
    {
        await StartAsync(options => options);
        await File.WriteAllTextAsync(Path.Combine(agent!.Folder, "bind.secret"), "wrong", TestContext.Current.CancellationToken);

        for (var i = 0; i < 8; i++)
        {
            Assert.False(await agent.Directory.IsAnsweringAsync(TestContext.Current.CancellationToken));
        }

        Assert.True(agent.Setup.Forest.Admin.Bind(Forest.AgentUpn, Forest.AgentPassword).Accepted);
    }

    [Fact]
    [Trait("Case", "H85")]
    public async Task A_directory_that_hangs_is_said_not_to_answer_within_two_seconds_and_is_found_when_it_is_back()
    {
        var forest = await forests.StartedAsync();
        await using var link = new CuttableLink(forest.Address, forest.Ldaps.Port) { DropsAnswers = true };
        await StartAsync(options => options with { Directory = options.Directory with { Port = link.Port } });
        var begun = TimeProvider.System.GetTimestamp();

        Assert.False(await agent!.Directory.IsAnsweringAsync(TestContext.Current.CancellationToken));
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 0, 4);

        link.DropsAnswers = false;
        link.Cut();
        await Eventually.TrueAsync(
            () => agent.Directory.IsAnsweringAsync(TestContext.Current.CancellationToken),
            TimeSpan.FromSeconds(20),
            "the directory",
            TestContext.Current.CancellationToken
        );
    }

    [Fact]
    public async Task The_second_controller_serves_when_the_first_is_silent()
    {
        var forest = await forests.StartedAsync();
        await StartAsync(options =>
            options with
            {
                Directory = options.Directory with { Servers = ["127.0.0.3", forest.Address.ToString()] },
            }
        );

        await Eventually.TrueAsync(
            () => agent!.Directory.IsAnsweringAsync(TestContext.Current.CancellationToken),
            TimeSpan.FromSeconds(20),
            "the second controller",
            TestContext.Current.CancellationToken
        );
    }

    [Fact]
    public async Task An_import_reads_every_page()
    {
        await StartAsync(options => options);

        var names = new List<string>();
        var search = agent!.Directory.SearchAsync(
            Forest.StaffDn,
            "(objectClass=user)",
            ["sAMAccountName"],
            TestContext.Current.CancellationToken
        );
        await foreach (var entry in search)
        {
            names.Add(new DirectoryEntry(entry).Text("sAMAccountName")!);
        }

        Assert.Superset(ForestPopulation.Staff.Select(person => person.Sam).ToHashSet(), names.ToHashSet());
        Assert.Equal(names.Count, names.Distinct().Count());
        await Assert.ThrowsAsync<SearchRefusedException>(async () =>
        {
            await foreach (
                var _ in agent.Directory.SearchAsync(
                    "OU=Nowhere,DC=corp,DC=test",
                    "(objectClass=*)",
                    ["cn"],
                    TestContext.Current.CancellationToken
                )
            )
            {
                Assert.Fail("Nothing lies there.");
            }
        });
    }

    private async Task StartAsync(Func<AgentOptions, AgentOptions> change) =>
        agent = new(new AgentSetup("https://portal.test", await forests.StartedAsync()), portal, change: change);

    /// <summary>What each connection said inside TLS.</summary>
    private static async Task<List<byte[]>> HearAsync(TcpListener listener, X509Certificate2 certificate)
    {
        var said = new List<byte[]>();
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
                await using var tls = new SslStream(client.GetStream());
                var buffer = new byte[4096];
                try
                {
                    await tls.AuthenticateAsServerAsync(
                        new SslServerAuthenticationOptions { ServerCertificate = certificate },
                        TestContext.Current.CancellationToken
                    );
                    said.Add(buffer[..await tls.ReadAsync(buffer, TestContext.Current.CancellationToken)]);
                }
                catch (Exception e) when (e is IOException or AuthenticationException)
                {
                    said.Add([]);
                }
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException or OperationCanceledException)
        {
            return said;
        }
    }

    private static async Task<byte[]> HearPlainAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var heard = new MemoryStream();
        // What a server that was asked for StartTLS and refuses would say: "unwilling".
        await client
            .GetStream()
            .WriteAsync(new byte[] { 0x30, 0x0c, 0x02, 0x01, 0x01, 0x78, 0x07, 0x0a, 0x01, 0x35, 0x04, 0x00, 0x04, 0x00 });
        await client.GetStream().CopyToAsync(heard, TestContext.Current.CancellationToken);
        return heard.ToArray();
    }

    private static X509Certificate2 NewAuthority()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Some authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-30), now.AddDays(30));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, IPAddress address, int daysLeft)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=dc", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.Create(authority, now.AddDays(-20), now.AddDays(daysLeft), [1, 2, 3, 4]);
        using var whole = made.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    private static string WriteAuthority(X509Certificate2 authority)
    {
        var file = Path.Combine(Repository.NewFolder("authority"), "ca.pem");
        File.WriteAllText(file, authority.ExportCertificatePem());
        return file;
    }
}
