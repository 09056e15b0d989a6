using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;
using PortalApp.Certificates;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Certificates;

/// <summary>The portal on a real port, with its certificate's files under an administrator's hands.</summary>
public sealed class ServedCertificateTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("served").FullName;
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly CapturedLog log = new();
    private TestCertificates authority = null!;
    private TestDatabase database = null!;
    private WebApplication app = null!;

    private string CertificateFile => Path.Combine(folder, "live", "portal.pem");

    private string KeyFile => Path.Combine(folder, "live", "portal.key");

    public async ValueTask InitializeAsync()
    {
        authority = await TestCertificates.OpenOrCreateAsync(Path.Combine(Repository.Scratch, "certificates"));
        database = await TestDatabase.NewAsync(Path.Combine(folder, "data"));
        Directory.CreateDirectory(Path.Combine(folder, "live"));
        LinkTo(Issue("first"));
        app = await RunningPortal.StartAsync(
            folder,
            new Dictionary<string, string?>(database.Settings)
            {
                ["Urls"] = "https://127.0.0.1:0",
                ["Portal:Origin"] = "https://localhost",
                [$"{ServedCertificate.Section}:Path"] = CertificateFile,
                [$"{ServedCertificate.Section}:KeyPath"] = KeyFile,
            },
            clock,
            log
        );
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await database.DisposeAsync();
        authority.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_renewal_is_served_within_a_minute_whatever_way_its_files_were_put_there()
    {
        Assert.Equal(ThumbprintIn("first"), await ServedAsync());

        LinkTo(Issue("second"));
        await ExpectAsync("second");

        Issue("third");
        File.Move(Path.Combine(folder, "third", "portal.key"), KeyFile, overwrite: true);
        File.Copy(Path.Combine(folder, "third", "portal.pem"), CertificateFile, overwrite: true);
        await ExpectAsync("third");
        Assert.Equal(3, log.Of(4401).Count);
    }

    [Fact]
    public async Task What_cannot_be_served_is_said_once_and_the_old_one_goes_on()
    {
        Issue("second");
        File.Copy(Path.Combine(folder, "second", "portal.pem"), CertificateFile, overwrite: true);
        await PassAsync(() => log.Of(4402).Count == 1);
        using var client = authority.CreateClient(
            new Uri(RunningPortal.AddressOf(app).Replace("127.0.0.1", "localhost", StringComparison.Ordinal))
        );
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/reset")).StatusCode);

        File.Copy(Path.Combine(folder, "second", "portal.key"), KeyFile, overwrite: true);
        await ExpectAsync("second");
        Assert.Contains($"The certificate in {CertificateFile} cannot be served", Assert.Single(log.Of(4402)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_weeks_before_its_end_the_log_asks_for_another()
    {
        Assert.Empty(log.Of(4403));

        authority.Issue(Path.Combine(folder, "short"), "portal", ["localhost"], [IPAddress.Loopback], days: 20.5);
        File.Move(Path.Combine(folder, "short", "portal.key"), KeyFile, overwrite: true);
        File.Copy(Path.Combine(folder, "short", "portal.pem"), CertificateFile, overwrite: true);
        await ExpectAsync("short");
        await PassAsync(() => log.Of(4403).Count > 0);

        Assert.Contains("ends in 20 days", Assert.Single(log.Of(4403)), StringComparison.Ordinal);
    }

    /// <summary>As certbot does it: links that lead elsewhere take the place of the old ones.</summary>
    private void LinkTo(string made)
    {
        foreach (var file in new[] { KeyFile, CertificateFile })
        {
            var next = Path.Combine(folder, "next");
            File.CreateSymbolicLink(next, Path.Combine(made, Path.GetFileName(file)));
            File.Move(next, file, overwrite: true);
        }
    }

    private string Issue(string name)
    {
        var made = Path.Combine(folder, name);
        authority.Issue(made, "portal", ["localhost"], [IPAddress.Loopback]);
        return made;
    }

    private async Task ExpectAsync(string name)
    {
        var expected = ThumbprintIn(name);
        clock.Advance(ServedCertificate.Glance);
        await Eventually.TrueAsync(async () => await ServedAsync() == expected, TimeSpan.FromSeconds(20), $"the {name} certificate");
    }

    private async Task PassAsync(Func<bool> until)
    {
        clock.Advance(ServedCertificate.Glance);
        await Eventually.TrueAsync(until, TimeSpan.FromSeconds(20), "the log's line");
    }

    private X509Certificate2 CertificateIn(string name) =>
        X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, name, "portal.pem"));

    private string ThumbprintIn(string name) => CertificateIn(name).GetCertHashString(HashAlgorithmName.SHA256);

    private async Task<string> ServedAsync()
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, new Uri(RunningPortal.AddressOf(app)).Port);
        await using var tls = new SslStream(connection.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = authority.Trust }
        );
        return tls.RemoteCertificate!.GetCertHashString(HashAlgorithmName.SHA256);
    }
}
