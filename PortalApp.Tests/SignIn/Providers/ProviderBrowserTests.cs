using Microsoft.Playwright;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.SignIn;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Providers;
using PortalApp.Users;

namespace PortalApp.Tests.SignIn.Providers;

/// <summary>The whole way to a provider on another site and back, in Chromium, as an operator set it up.</summary>
public sealed class ProviderBrowserTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_person_signs_in_at_the_organisations_own_page_and_is_back()
    {
        using var certificates = await TestCertificates.OpenOrCreateAsync(Path.Combine(Repository.Scratch, "certificates"));
        await using var portal = await InProcessPortal.StartAsync(certificates, ProviderFixture.Settings(certificates.AuthorityFile));
        await using var provider = new ProviderProcess(
            portal.Folder,
            Path.Combine(portal.Folder, "provider.log"),
            Loopback.FreePort(),
            certificates,
            new("anna", "subject-1", "anna@corp.test"),
            new("ben", "subject-2", "ben@corp.test")
        );
        await provider.LaunchAsync(portal.Address);
        await provider.WaitUntilServingAsync();
        await SetUpAsync(portal, provider);
        await using var tab = await browser.OpenAsync(portal.Address);

        await SignInAsync(tab, "anna");
        await Assertions.Expect(tab.Page.GetByText("You are signed in as")).ToBeVisibleAsync();
        Assert.Equal($"{portal.Address}{SignInPaths.Account}", tab.Page.Url);
        await tab.AssertCleanAsync();

        await using var other = await browser.OpenAsync(portal.Address);
        await SignInAsync(other, "ben");
        await Assertions.Expect(other.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("does not belong to that user ID here");
        await other.LookAsync("sign-in-provider-refused");

        await other.Page.RouteAsync($"{provider.Issuer}**", route => route.AbortAsync("aborted"));
        await TypeNameAsync(other);
        await Assertions
            .Expect(other.Page.GetByRole(AriaRole.Link, new() { Name = "Go to your organisation's sign-in page" }))
            .ToBeVisibleAsync();
        await other.LookAsync("sign-in-provider");

        var link = await portal.OperateAsync("admin", "invite", "anna@corp.test", "--tenant", "1", "--role", "Helpdesk");
        await tab.Page.GotoAsync(link);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        await SignInThereAsync(tab, "anna");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Set up your authenticator app" })).ToBeVisibleAsync();
    }

    private static async Task SignInAsync(BrowserTab tab, string account)
    {
        await TypeNameAsync(tab);
        await SignInThereAsync(tab, account);
    }

    private static async Task SignInThereAsync(BrowserTab tab, string account)
    {
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "The organisation's own page" })).ToBeVisibleAsync();
        await tab.Page.GetByLabel("User").FillAsync(account);
        await tab.Page.GetByLabel("Password").FillAsync(ProviderAccount.Password);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    private static async Task TypeNameAsync(BrowserTab tab)
    {
        await tab.Page.GotoAsync(SignInPaths.Begin);
        await tab.Page.GetByLabel("User ID").FillAsync("anna@corp.test");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
    }

    private static async Task SetUpAsync(InProcessPortal portal, ProviderProcess provider)
    {
        var tenant = await portal.OperateAsync("tenant", "add", "Corp", "--helpdesk-phone", "+31 201234567");
        await portal.OperateAsync("domain", "add", "corp.test", "--tenant", tenant, "--password-management", "Federated");
        var secret = Path.Combine(portal.Folder, "secret");
        await File.WriteAllTextAsync(secret, ProviderProcess.ClientSecret + "\n");
        string[] set = ["domain", "provider", "set", "corp.test", "--tenant", tenant, "--issuer", provider.Issuer];
        await portal.OperateAsync([.. set, "--client-id", ProviderProcess.ClientId, "--secret-file", secret, "--untried"]);
        await using var db = await portal.OpenDatabaseAsync();
        db.Add(
            new User
            {
                Id = CloudAnchor.New().Value,
                Tenant = new TenantId(int.Parse(tenant, System.Globalization.CultureInfo.InvariantCulture)),
                Connector = "corp",
                SourceAnchor = "anna",
                UserPrincipalName = "anna@corp.test",
            }
        );
        await db.SaveChangesAsync();
    }
}
