using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using PortalApp.SignIn;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Fixtures.Providers;

/// <summary>An organisation's OpenID Connect provider as a process of its own, and the way through its page without a browser.</summary>
internal sealed class ProviderProcess : IAsyncDisposable
{
    public const string ClientId = "portal";
    public const string ClientSecret = "a secret & of the portal=";
    private readonly string folder;
    private readonly TestCertificates certificates;
    private readonly IReadOnlyList<ProviderAccount> accounts;
    private readonly DotnetProgram program;
    private readonly HttpClient client;
    private readonly int port;

    /// <param name="folder">Gets the certificate and what the program is told.</param>
    public ProviderProcess(string folder, string logFile, int port, TestCertificates certificates, params ProviderAccount[] accounts)
    {
        (this.folder, this.port, this.certificates, this.accounts) = (folder, port, certificates, accounts);
        program = new("PortalApp.Tests", logFile, new Dictionary<string, string>());
        client = certificates.CreateClient(new(Issuer), keepsCookies: false);
    }

    public string Issuer => ProviderProgram.AddressOf(port);

    public ChildProcess? Process => program.Process;

    /// <param name="portal">The portal's origin.</param>
    public async Task LaunchAsync(string portal)
    {
        var files = certificates.Issue(Path.Combine(folder, "tls"), "provider", ["localhost"], [IPAddress.Loopback]);
        var setup = new ProviderSetup(
            port,
            files.CertificateFile,
            files.KeyFile,
            ClientId,
            ClientSecret,
            portal + SignInPaths.Returned,
            accounts
        );
        var file = Path.Combine(folder, "provider.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(setup));
        await program.LaunchAsync("provider", file);
    }

    public Task WaitUntilServingAsync(CancellationToken cancellation = default) =>
        program.WaitAsync(() => AnswersAsync(cancellation), TimeSpan.FromSeconds(60), $"the provider {Issuer}", cancellation);

    /// <summary>Fills in the form of the page to which the portal sent somebody.</summary>
    /// <returns>Where the provider sends the browser then.</returns>
    public async Task<Uri> SignInAsync(Uri page, string account)
    {
        var fields = QueryHelpers
            .ParseQuery(page.Query)
            .Select(p => KeyValuePair.Create(p.Key, p.Value.ToString()))
            .Append(new("user", account))
            .Append(new("password", ProviderAccount.Password));
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await client.PostAsync(new Uri(page.GetLeftPart(UriPartial.Path)), form);
        return answer.Headers.Location
            ?? throw new InvalidOperationException($"The provider sent nobody back: {await answer.Content.ReadAsStringAsync()}");
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await program.DisposeAsync();
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("/.well-known/openid-configuration", UriKind.Relative), cancellation);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
