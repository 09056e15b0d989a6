using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;
using static Microsoft.Playwright.Assertions;

namespace PortalApp.Tests.Administration;

/// <summary>Domains at the desk, beside a DNS server of the test's own.</summary>
public sealed class DomainBrowserTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_domain_is_added_not_proven_proven_and_its_passwords_live_elsewhere_after_a_word_of_whom_it_concerns()
    {
        await using var dns = new DnsTextServer();
        await using var portal = await ResetPortal.StartAsync(dns.Settings);
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        await tab.SignInAsync(admin, portal.Address);
        var page = tab.Page;
        await page.GotoAsync("/desk/domains");
        await page.GetByLabel("Domain", new() { Exact = true }).FillAsync("not a domain");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Expect(page.GetByText("is not a domain such as corp.example")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Domain", new() { Exact = true })).ToHaveValueAsync("not a domain");
        await page.GetByLabel("Domain", new() { Exact = true }).FillAsync("bücher.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Expect(page.GetByText("_portal-domain.xn--bcher-kva.example")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Look for it now") }).ClickAsync();
        await Expect(page.GetByText("There is no TXT record at _portal-domain.xn--bcher-kva.example yet")).ToBeVisibleAsync();
        await tab.LookAsync("desk-domains-claim");
        var claim = await portal.WithDbAsync(db => db.Set<DomainClaim>().SingleAsync());
        dns.Write(claim.RecordName, claim.RecordText);
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Look for it now") }).ClickAsync();
        await Expect(page.GetByText("is proven and holds from now on")).ToBeVisibleAsync();
        Assert.True(await portal.WithDbAsync(db => db.Set<Domain>().AnyAsync(d => d.Name == claim.Name)));

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("cloud.test live") }).ClickAsync();
        await Expect(page.GetByText("The password that the portal holds of one of them is forgotten.")).ToBeVisibleAsync();
        await tab.LookAsync("desk-domains-change");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change cloud.test now" }).ClickAsync();
        await Expect(page.GetByText("You sign in by this domain yourself")).ToBeVisibleAsync();
    }
}
