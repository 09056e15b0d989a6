using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PortalApp.Policy;
using PortalApp.Registration;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;
using static Microsoft.Playwright.Assertions;

namespace PortalApp.Tests.Administration;

/// <summary>What an administrator sets for all of a tenant, in a browser.</summary>
public sealed class SettingsBrowserTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_policy_is_drafted_published_felt_by_the_next_reset_and_undone()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await OpenAsync(portal, admin, "/desk/policies");
        await tab.LookAsync("desk-policies");

        await tab.Page.GetByLabel("Nobody").CheckAsync();
        await tab.Page.GetByLabel("User ID").FillAsync(anna.UserPrincipalName);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Expect(tab.Page.GetByText("it is not switched on for this user")).ToBeVisibleAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        await Expect(tab.Page.GetByText("You are looking at a draft")).ToBeVisibleAsync();
        await tab.LookAsync("desk-policies-draft");
        Assert.IsType<PolicyAudience.Everyone>((await HoldingAsync(portal)).Terms.ForWhom);

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Published. It holds");
        Assert.IsType<PolicyAudience.Nobody>((await HoldingAsync(portal)).Terms.ForWhom);
        using var person = portal.NewPerson();
        Assert.Contains("SSPR_0013", (await person.BeginAsync(anna.UserPrincipalName)).Text, StringComparison.Ordinal);

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(tab.Page.GetByText("What held before holds again")).ToBeVisibleAsync();
        Assert.IsType<PolicyAudience.Everyone>((await HoldingAsync(portal)).Terms.ForWhom);
    }

    [Fact]
    public async Task A_weaker_policy_is_asked_for_twice_and_one_without_a_method_is_refused()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await OpenAsync(portal, admin, "/desk/policies");
        await tab.Page.GetByLabel("Two different ones").CheckAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Published. It holds");

        await tab.Page.GetByLabel("One", new() { Exact = true }).CheckAsync();
        await tab.Page.Locator("#questions-alone").CheckAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await Expect(tab.Page.GetByText("Look at it once more")).ToBeVisibleAsync();
        Assert.Equal(2, (await HoldingAsync(portal)).Terms.Gates);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Publish the weaker policy" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Published. It holds");
        Assert.Equal(1, (await HoldingAsync(portal)).Terms.Gates);

        foreach (var on in (await HoldingAsync(portal)).Terms.Methods)
        {
            await tab.Page.Locator($"#m-{on}").UncheckAsync();
        }

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await Expect(tab.Page.GetByText("Name at least one")).ToBeVisibleAsync();
        Assert.NotEmpty((await HoldingAsync(portal)).Terms.Methods);
    }

    [Fact]
    public async Task What_people_read_of_the_organisation_is_set_or_refused_at_its_field()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await OpenAsync(portal, admin, "/desk/settings");
        await tab.Page.GetByLabel("Helpdesk, phone").FillAsync("call us");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(tab.Page.GetByText("as + country code")).ToBeVisibleAsync();
        await tab.LookAsync("desk-settings-wrong");
        await tab.Page.GetByLabel("Helpdesk, phone").FillAsync("+31 207654321");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(tab.Page.GetByText("Saved.")).ToBeVisibleAsync();
        await tab.Page.GetByLabel("Days kept").FillAsync("7");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Set the days" }).ClickAsync();
        await Expect(tab.Page.GetByText("The audit is kept 90 to 3650 days")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByLabel("Days kept")).ToHaveValueAsync("7");
        await tab.Page.GetByLabel("Sender’s name").FillAsync("Corp helpdesk");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Set the name" }).ClickAsync();
        await Expect(tab.Page.GetByText("Saved.")).ToBeVisibleAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Send me one" }).ClickAsync();
        await Expect(tab.Page.GetByText("The portal holds no e-mail address of yours")).ToBeVisibleAsync();
        await admin.SetMailAsync("admin@private.example");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Send me one" }).ClickAsync();
        await Expect(tab.Page.GetByText("One is on its way to admin@private.example")).ToBeVisibleAsync();
        await tab.Page.GetByLabel("Hours before a change counts").FillAsync("200");
        await tab.Page.GetByLabel("Ask at sign-in").CheckAsync();
        await tab.Page.GetByLabel("Days until people are asked again").FillAsync("soon");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Set registration" }).ClickAsync();
        await Expect(tab.Page.GetByText("Write 0 to 168.")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText("Write 0 to 730.")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByLabel("Days until people are asked again")).ToHaveValueAsync("soon");
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<RegistrationTerms>().CountAsync()));
        await tab.Page.GetByLabel("Hours before a change counts").FillAsync("2");
        await tab.Page.GetByLabel("Times that it may be put off").FillAsync("1");
        await tab.Page.GetByLabel("Days until people are asked again").FillAsync("365");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Set registration" }).ClickAsync();
        await Expect(tab.Page.GetByText("Registration is set.")).ToBeVisibleAsync();
        var asked = await portal.WithDbAsync(db => db.Set<RegistrationTerms>().SingleAsync());
        Assert.Equal((2, true, 1, 365), (asked.WaitHours, asked.AsksAtSignIn, asked.MayPutOff, asked.AskAgainDays));
        await tab.LookAsync("desk-settings");
        await tab.Page.GetByLabel("People can reset passwords").ClickAsync();
        await Expect(tab.Page.GetByLabel("People can reset passwords")).Not.ToBeCheckedAsync();

        // The switch moves in the browser before the portal has heard of it.
        await Eventually.TrueAsync(async () => !(await TenantAsync()).ResetEnabled, TimeSpan.FromSeconds(20), "the switch to be kept");
        Assert.Equal("+31 207654321", (await TenantAsync()).HelpdeskPhone);
        await tab.Page.GotoAsync("/desk/domains");
        await tab.LookAsync("desk-domains");

        Task<Tenant> TenantAsync() => portal.WithDbAsync(db => db.Set<Tenant>().SingleAsync(t => t.Id == portal.Tenant.Id));
    }

    [Fact]
    public async Task Offices_networks_and_the_countries_of_phones_are_set_or_refused_at_their_fields()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await OpenAsync(portal, admin, "/desk/settings");
        await SaveAsync("Networks of your offices", "203.0.113.0/24, 10.0.0.0/8", "Set the networks");
        await Expect(tab.Page.GetByText("none wider than /16")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByLabel("Networks of your offices")).ToHaveValueAsync("203.0.113.0/24, 10.0.0.0/8");
        await SaveAsync("Countries", "NL, Belgium", "Set the countries");
        await Expect(tab.Page.Locator("#phone-countries-error")).ToBeVisibleAsync();
        await tab.LookAsync("desk-settings-networks-wrong");
        Assert.Equal((null, null), await HeldAsync());

        await tab.Page.Locator("#sender-name").FillAsync("Not saved yet");
        await SaveAsync("Networks of your offices", "203.0.113.0/24, 198.51.100.7", "Set the networks");
        await Expect(tab.Page.GetByLabel("Networks of your offices")).ToHaveValueAsync("203.0.113.0/24,198.51.100.7");
        await SaveAsync("Countries", "nl, be", "Set the countries");
        await Expect(tab.Page.GetByLabel("Countries")).ToHaveValueAsync("NL,BE");
        await Expect(tab.Page.Locator("#sender-name")).ToHaveValueAsync("Not saved yet");
        await tab.LookAsync("desk-settings-networks");
        Assert.Equal(("203.0.113.0/24,198.51.100.7", "NL,BE"), await HeldAsync());

        async Task SaveAsync(string label, string typed, string button)
        {
            await tab.Page.GetByLabel(label).FillAsync(typed);
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        }

        Task<(string?, string?)> HeldAsync() =>
            portal.WithDbAsync(async db =>
                await db.Set<Tenant>().SingleAsync(t => t.Id == portal.Tenant.Id) is { } held
                    ? (held.Networks, held.PhoneCountries)
                    : default
            );
    }

    [Fact]
    public async Task A_file_is_looked_at_and_set_whole_and_with_a_wrong_line_not_at_all()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        var ben = await portal.AddUserAsync("ben", null);
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await OpenAsync(portal, admin, "/desk/users/import");
        await Expect(tab.Page.GetByLabel("File")).ToBeEnabledAsync();
        // It listens a moment after it can be used.
        await tab.Page.WaitForFunctionAsync("() => document.getElementById('file')._blazorInputFileNextFileId !== undefined");
        await ChooseAsync(
            tab,
            "upn,email\nben@corp.test,ben@gmail.example\nnobody@corp.test,x@gmail.example\nanna@corp.test,not an address"
        );
        await Expect(tab.Page.GetByText("Mend the lines that are wrong")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText("Nobody here has the user ID “nobody@corp.test”")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText("“not an address” is not an e-mail address")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Set 1" })).ToHaveCountAsync(0);
        await tab.LookAsync("desk-import-wrong");

        await ChooseAsync(tab, "ben@corp.test;ben@gmail.example\nanna@corp.test;anna@gmail.example");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Set 1" }).ClickAsync();
        await Expect(tab.Page.GetByText("1 people have other addresses now")).ToBeVisibleAsync();

        var held = await portal.WithDbAsync(db => db.Set<ContactValue>().SingleAsync(c => c.UserId == ben.Id));
        Assert.Equal("ben@gmail.example", held.Value);
        Assert.Equal(
            anna.Revision,
            await portal.WithDbAsync(db => db.Set<User>().Where(u => u.Id == anna.Id).Select(u => u.Revision).SingleAsync())
        );
    }

    private static Task ChooseAsync(BrowserTab tab, string csv) =>
        tab
            .Page.GetByLabel("File")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "addresses.csv",
                    MimeType = "text/csv",
                    Buffer = System.Text.Encoding.UTF8.GetBytes(csv),
                }
            );

    private static Task<PolicyVersion> HoldingAsync(ResetPortal portal) =>
        portal.WithDbAsync(db => PolicyStore.HoldingAsync(db, portal.Tenant.Id, default));

    private async Task<BrowserTab> OpenAsync(ResetPortal portal, DeskPerson admin, string path)
    {
        var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        await tab.SignInAsync(admin, portal.Address);
        await tab.Page.GotoAsync(path);
        return tab;
    }
}
