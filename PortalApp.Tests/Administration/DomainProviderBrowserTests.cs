using Microsoft.Playwright;
using PortalApp.SignIn.Providers;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Providers;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Tests.SignIn.Providers;
using PortalApp.Users;
using static Microsoft.Playwright.Assertions;

namespace PortalApp.Tests.Administration;

/// <summary>A domain's provider at the desk, beside a real one on another site.</summary>
public sealed class DomainProviderBrowserTests(BrowserFixture browser)
{
    [Fact]
    [Trait("Case", "H102")]
    public async Task A_provider_is_refused_tried_by_a_sign_in_there_and_then_holds()
    {
        using var certificates = await TestCertificates.OpenOrCreateAsync(Path.Combine(Repository.Scratch, "certificates"));
        var origin = $"https://localhost:{Loopback.FreePort()}";
        var settings = ProviderFixture.Settings(certificates.AuthorityFile);
        (settings["Portal:Origin"], settings["Urls"]) = (origin, origin.Replace("localhost", "127.0.0.1", StringComparison.Ordinal));
        await using var portal = await ResetPortal.StartAsync(settings);
        var folder = Repository.NewFolder("provider-desk");
        await using var provider = new ProviderProcess(
            folder,
            Path.Combine(folder, "provider.log"),
            Loopback.FreePort(),
            certificates,
            new("anna", "subject-1", "anna@corp.test"),
            new("ben", "subject-2", "ben@corp.test")
        );
        await provider.LaunchAsync(origin);
        await provider.WaitUntilServingAsync();
        await portal.AddUserAsync("anna", null);
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await browser.OpenAsync(origin);
        await tab.SignInAsync(admin, portal.Address);
        var page = tab.Page;
        await page.GotoAsync("/desk/domains");
        await page.GetByRole(AriaRole.Link, new() { Name = "The provider of corp.test" }).ClickAsync();

        await TypeAsync("https://10.0.0.7/adfs");
        await Expect(page.Locator("#issuer-error")).ToContainTextAsync("Outbound:Allowed");
        await Expect(page.GetByLabel("Client ID")).ToHaveValueAsync(ProviderProcess.ClientId);
        await tab.LookAsync("desk-provider-refused");

        await TypeAsync(provider.Issuer);
        await Expect(page.GetByLabel("Client secret")).ToHaveValueAsync("");
        await tab.LookAsync("desk-provider-trial");
        await SignInThereAsync("ben");
        await Expect(page.GetByRole(AriaRole.Status, new() { Name = "What the trial came to" })).ToContainTextAsync("is nobody here");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Let it hold" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in there once more" }).ClickAsync();
        await SignInThereAsync("anna");
        await Expect(page.GetByRole(AriaRole.Status, new() { Name = "What the trial came to" })).ToContainTextAsync("It fits");
        await tab.LookAsync("desk-provider-fits");
        await page.GetByRole(AriaRole.Button, new() { Name = "Let it hold" }).ClickAsync();

        await Expect(page.GetByText("From now on the people of corp.test sign in there.")).ToBeVisibleAsync();
        await Expect(page.GetByText(ProviderProcess.ClientSecret)).ToHaveCountAsync(0);
        await tab.LookAsync("desk-provider-holds");
        Assert.Single(await portal.WithDbAsync(db => Task.FromResult(db.Set<DomainProvider>().ToList())));

        async Task TypeAsync(string issuer)
        {
            await page.GetByLabel("Issuer").FillAsync(issuer);
            await page.GetByLabel("Client ID").FillAsync(ProviderProcess.ClientId);
            await page.GetByLabel("Client secret").FillAsync(ProviderProcess.ClientSecret);
            await page.GetByRole(AriaRole.Button, new() { Name = "Try it" }).ClickAsync();
        }

        async Task SignInThereAsync(string account)
        {
            // The provider is a process with the machine's clock, and the pages before took a while.
            portal.Clock.AdjustTime(new[] { portal.Clock.GetUtcNow(), TimeProvider.System.GetUtcNow() }.Max());
            await page.GetByRole(AriaRole.Link, new() { Name = "Sign in there now" }).ClickAsync();
            await page.GetByLabel("User").FillAsync(account);
            await page.GetByLabel("Password").FillAsync(ProviderAccount.Password);
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Where the people of corp.test sign in" })).ToBeVisibleAsync();
        }
    }
}
