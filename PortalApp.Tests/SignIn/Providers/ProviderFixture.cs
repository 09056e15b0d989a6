using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.SignIn.Providers;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Providers;
using PortalApp.Tests.PasswordReset;
using PortalApp.Users;

namespace PortalApp.Tests.SignIn.Providers;

/// <summary>A real provider for a whole class, and portals that may ask it.</summary>
public sealed class ProviderFixture : IAsyncLifetime
{
    /// <summary>Where portals of <see cref="ResetPortal"/> say that they are.</summary>
    private const string Portal = "https://localhost";
    private readonly string folder = Repository.NewFolder("provider");
    private TestCertificates certificates = null!;

    internal ProviderProcess Provider { get; private set; } = null!;

    /// <summary>What lets a portal ask a server of the tests on this machine.</summary>
    internal static Dictionary<string, string?> Settings(string authority) =>
        new()
        {
            ["Outbound:Ca"] = authority,
            ["Outbound:Allowed:0"] = "localhost",
            ["Outbound:Allowed:1"] = "127.0.0.1",
        };

    public async ValueTask InitializeAsync()
    {
        certificates = await TestCertificates.OpenOrCreateAsync(Path.Combine(Repository.Scratch, "certificates"));
        Provider = new(
            folder,
            Path.Combine(folder, "provider.log"),
            Loopback.FreePort(),
            certificates,
            new("anna", "subject-1", "Anna@corp.test"),
            new("anna, with another name now", "subject-1", "ben@corp.test"),
            new("another account with anna's name", "subject-2", "anna@corp.test"),
            new("ben", "subject-3", "ben@corp.test"),
            new("of another domain", "subject-4", "dora@second.test"),
            new("of another tenant", "subject-5", "carl@bakery.test"),
            new("unknown here", "subject-6", "nobody@corp.test"),
            new("without a name", "subject-7", null)
        );
        await Provider.LaunchAsync(Portal);
        await Provider.WaitUntilServingAsync();
    }

    /// <summary>With anna and ben at the provider's domain, dora at the tenant's second one, and carl in another tenant.</summary>
    internal async Task<ResetPortal> StartPortalAsync()
    {
        var portal = await ResetPortal.StartAsync(Settings(certificates.AuthorityFile));
        await portal.AddUserAsync("anna", null);
        await portal.AddUserAsync("ben", null);
        var bakery = await portal.AddTenantAsync("Bakery", "bakery.test", PasswordManagement.Federated);
        await portal.WithDbAsync(db =>
        {
            db.Add(
                new Domain
                {
                    Name = "second.test",
                    Tenant = portal.Tenant.Id,
                    PasswordManagement = PasswordManagement.Federated,
                }
            );
            db.AddRange(
                new[] { (portal.Tenant.Id, "dora@second.test"), (bakery.Id, "carl@bakery.test") }.Select(one => new User
                {
                    Id = CloudAnchor.New().Value,
                    Tenant = one.Item1,
                    Connector = SpokenAgent.Connector,
                    SourceAnchor = one.Item2,
                    UserPrincipalName = one.Item2,
                })
            );
            return db.SaveChangesAsync();
        });
        Assert.IsType<ChangeOutcome<DomainProvider>.Done>(await portal.SetProviderAsync(Provider.Issuer));
        return portal;
    }

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        certificates.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
