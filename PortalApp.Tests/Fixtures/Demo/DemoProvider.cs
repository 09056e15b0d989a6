using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.Fixtures.Providers;
using PortalApp.Tests.SignIn.Providers;

namespace PortalApp.Tests.Fixtures.Demo;

/// <summary>Who signs in at the demo's provider, on the page of its own that "Sign in" leads to.</summary>
internal sealed record DemoOidc(string Issuer, string User, string Password);

/// <summary>The OpenID Connect provider at which the people of one of the demo's domains sign in.</summary>
internal sealed class DemoProvider : IAsyncDisposable
{
    public const int Port = 8444;
    private readonly PortalProcess portal;
    private readonly ProviderProcess provider;

    public DemoProvider(PortalProcess portal, TestCertificates certificates)
    {
        this.portal = portal;
        Directory.CreateDirectory(DemoPaths.Provider);
        var account = new ProviderAccount(DemoStates.Oidc.Upn, "oidc-1", DemoStates.Oidc.Upn);
        provider = new(DemoPaths.Provider, DemoPaths.LogOf("provider"), Port, certificates, account);
    }

    public DemoOidc Told => new(provider.Issuer.TrimEnd('/'), DemoStates.Oidc.Upn, ProviderAccount.Password);

    /// <summary>What lets the portal ask it.</summary>
    public static IReadOnlyDictionary<string, string?> Settings(TestCertificates certificates) =>
        ProviderFixture.Settings(certificates.AuthorityFile);

    public async Task<ChildProcess> LaunchAsync()
    {
        await provider.LaunchAsync(portal.Address);
        return provider.Process!;
    }

    /// <summary>As an operator does.</summary>
    public async Task JoinAsync(int tenant, CancellationToken cancellation)
    {
        await provider.WaitUntilServingAsync(cancellation);
        await portal.AddDomainAsync(DemoStates.OidcDomain, tenant, "Federated", cancellation);
        var secret = Path.Combine(DemoPaths.Provider, "secret");
        await File.WriteAllTextAsync(secret, ProviderProcess.ClientSecret, cancellation);
        string[] client = ["--issuer", provider.Issuer, "--client-id", ProviderProcess.ClientId, "--secret-file", secret, "--untried"];
        await portal.OperateAsync(["domain", "provider", "set", DemoStates.OidcDomain, "--tenant", $"{tenant}", .. client], cancellation);
    }

    public ValueTask DisposeAsync() => provider.DisposeAsync();
}
