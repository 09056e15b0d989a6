using System.Net;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Portal.Relay;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Layout;

/// <summary>From where a call came, in the portal's eyes: alone, behind proxies that it was told of, and behind a real nginx.</summary>
public sealed partial class TrustedProxiesTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("proxies").FullName;
    private TestCertificates certificates = null!;
    private TestDatabase database = null!;
    private WebApplication? portal;

    private Uri Address => new(RunningPortal.AddressOf(portal!).Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    public async ValueTask InitializeAsync()
    {
        certificates = await TestCertificates.OpenOrCreateAsync(Path.Combine(Repository.Scratch, "certificates"));
        database = await TestDatabase.NewAsync(Path.Combine(folder, "data"));
    }

    public async ValueTask DisposeAsync()
    {
        if (portal is not null)
        {
            await portal.StopAsync();
            await portal.DisposeAsync();
        }

        await database.DisposeAsync();
        certificates.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("", "203.0.113.9", "127.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.1", "6.6.6.6, 203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.0/8 10.0.0.0/8", "6.6.6.6, 203.0.113.9, 10.1.2.3", "203.0.113.9")]
    [InlineData("10.0.0.0/8", "203.0.113.9", "127.0.0.1")]
    [InlineData("127.0.0.1", "2001:db8:1:2:3::4", "2001:db8:1:2:3::4")]
    [InlineData("127.0.0.1", "nobody", "127.0.0.1")]
    [Trait("Case", "H13")]
    public async Task The_nearest_hop_that_is_no_named_proxy_is_the_caller(string proxies, string forwarded, string caller)
    {
        await StartAsync(proxies.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        using var client = certificates.CreateClient(Address);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", forwarded);

        Assert.Equal(caller, await client.GetStringAsync("/where"));
    }

    [Fact]
    [Trait("Case", "H13")]
    public async Task Behind_nginx_each_caller_is_counted_by_their_own_network_whatever_they_claim()
    {
        await StartAsync(["127.0.0.1"]);
        var (address, nginx) = await StartNginxAsync();
        await using var _ = nginx;

        using var anna = certificates.CreateClient(address, from: IPAddress.Parse("127.9.1.1"));
        using var bram = certificates.CreateClient(address, from: IPAddress.Parse("127.9.2.1"));
        bram.DefaultRequestHeaders.Add("X-Forwarded-For", "127.9.1.1");
        await Eventually.TrueAsync(() => AnswersAsync(anna), TimeSpan.FromSeconds(20), "nginx");

        Assert.Equal("127.9.1.1", await anna.GetStringAsync("/where"));
        Assert.Equal("127.9.2.1", await bram.GetStringAsync("/where"));
        using var relay = new ClientWebSocket();
        relay.Options.AddSubProtocol(RelayLimits.SubProtocol);
        using var trusting = new HttpMessageInvoker(
            new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = certificates.Trust } }
        );
        await relay.ConnectAsync(new Uri($"wss://{address.Authority}{RelayLimits.Path}"), trusting, TestContext.Current.CancellationToken);
        Assert.Equal(WebSocketState.Open, relay.State);
        relay.Abort();
    }

    private async Task StartAsync(string[] proxies)
    {
        var server = certificates.Issue(folder, "portal", ["localhost"], [IPAddress.Loopback]);
        var settings = new Dictionary<string, string?>(database.Settings)
        {
            ["Urls"] = "https://127.0.0.1:0",
            ["Portal:Origin"] = "https://localhost",
            ["Kestrel:Certificates:Default:Path"] = server.CertificateFile,
            ["Kestrel:Certificates:Default:KeyPath"] = server.KeyFile,
        };
        for (var i = 0; i < proxies.Length; i++)
        {
            settings[$"Portal:TrustedProxies:{i}"] = proxies[i];
        }

        portal = await RunningPortal.StartAsync(
            folder,
            settings,
            TimeProvider.System,
            new CapturedLog(),
            routes: app => app.MapGet("/where", (HttpContext http) => http.Connection.RemoteIpAddress!.ToString())
        );
    }

    /// <summary>With the lines of docs/proxy.md, in which only names of this test take the place of the example's.</summary>
    private async Task<(Uri Address, ChildProcess Nginx)> StartNginxAsync()
    {
        var port = Loopback.FreePort();
        var own = certificates.Issue(folder, "nginx", ["localhost"], [IPAddress.Loopback]);
        var lines = Nginx().Match(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "proxy.md"))).Groups["lines"].Value;
        (string Of, string By)[] names =
        [
            ("listen 443", $"listen 127.0.0.1:{port}"),
            ("https://10.1.0.20:8443", $"https://127.0.0.1:{Address.Port}"),
            ("/etc/nginx/portal-ca.pem", certificates.AuthorityFile),
            ("/etc/nginx/portal.pem", own.CertificateFile),
            ("/etc/nginx/portal.key", own.KeyFile),
            ("portal.example.com", "localhost"),
        ];
        foreach (var (of, by) in names)
        {
            Assert.Contains(of, lines, StringComparison.Ordinal);
            lines = lines.Replace(of, by, StringComparison.Ordinal);
        }

        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(
            file,
            $"daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr;\n"
                + $"events {{ }}\nhttp {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n{lines}\n}}\n"
        );
        var nginx = await ChildProcess.StartAsync("/usr/sbin/nginx", ["-p", folder, "-c", file], Path.Combine(folder, "nginx.log"));
        return (new Uri($"https://localhost:{port}"), nginx);
    }

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            return (await client.GetAsync("/where")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [GeneratedRegex("```nginx\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Nginx();
}
