using PortalApp.Audit;
using PortalApp.SignIn;
using PortalApp.SignIn.Providers;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.SignIn.Providers;

/// <summary>A portal beside a provider that lies when it is told to.</summary>
internal sealed class LyingWorld : IAsyncDisposable
{
    private readonly TestCertificates certificates;

    private LyingWorld(TestCertificates certificates, ResetPortal portal, LyingProvider provider) =>
        (this.certificates, Portal, Provider) = (certificates, portal, provider);

    public ResetPortal Portal { get; }
    public LyingProvider Provider { get; }

    public static async Task<LyingWorld> StartAsync()
    {
        var certificates = await TestCertificates.OpenOrCreateAsync(Path.Combine(Repository.Scratch, "certificates"));
        var portal = await ResetPortal.StartAsync(ProviderFixture.Settings(certificates.AuthorityFile));
        return new(certificates, portal, await LyingProvider.StartAsync(certificates, portal.Clock));
    }

    /// <summary>It is the provider of <c>corp.test</c>, where anna is.</summary>
    public static async Task<LyingWorld> WithProviderAsync()
    {
        var world = await StartAsync();
        await world.Portal.AddUserAsync("anna", null);
        Assert.IsType<ChangeOutcome<DomainProvider>.Done>(await world.Portal.SetProviderAsync(world.Provider.Issuer));
        return world;
    }

    /// <summary>As far as the provider's page.</summary>
    /// <returns>The address by which the browser comes back.</returns>
    public async Task<string> BeginAsync(Person person)
    {
        var leads = (await person.TypeNameAsync("anna@corp.test")).Leads();
        Provider.Nonce = leads.Of("nonce");
        return $"{SignInPaths.Returned}?code=a-code&state={leads.Of("state")}";
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        await Provider.DisposeAsync();
        certificates.Dispose();
    }
}
