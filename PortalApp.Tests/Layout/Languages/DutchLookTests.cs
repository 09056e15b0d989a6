using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Writeback;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;
using static Microsoft.Playwright.Assertions;

namespace PortalApp.Tests.Layout.Languages;

/// <summary>Dutch words are longer than English ones: what a screen and a phone make of them, and that nothing on the way falls back.</summary>
public sealed class DutchLookTests(BrowserFixture browser)
{
    private const string Mail = "anna@gmail.example";

    [Fact]
    public async Task A_reset_in_dutch_is_clean_from_its_beginning_to_its_end()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        await tab.Page.GotoAsync("/sign-in");
        await PressAsync(tab, "Nederlands");
        await ExpectAsync(tab, "Inloggen");
        await tab.LookAsync("dutch-sign-in");

        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Kom je niet meer op je account?" }).ClickAsync();
        await ExpectAsync(tab, "Op welk account kom je niet meer?");
        await Expect(tab.Page.GetByLabel("Gecontroleerd")).ToBeVisibleAsync();
        await tab.LookAsync("dutch-begin");
        await tab.Page.GetByLabel("Gebruikersnaam").FillAsync("anna@corp.test");
        await PressAsync(tab, "Volgende");

        await ExpectAsync(tab, "We hebben je een code gestuurd");
        await Expect(tab.Page.GetByText("Over 0:")).ToBeVisibleAsync();
        await tab.LookAsync("dutch-code");
        await tab.Page.GetByLabel("Verificatiecode").FillAsync("00000000");
        await PressAsync(tab, "Volgende");
        await Expect(tab.Page).ToHaveTitleAsync(new Regex("^Fout:"));
        await tab.Page.GetByLabel("Verificatiecode").FillAsync(await portal.CodeToAsync(Mail));
        await PressAsync(tab, "Volgende");

        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules));
        await ExpectAsync(tab, "Kies een nieuw wachtwoord");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Tonen" }).First.ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Verbergen" })).ToBeVisibleAsync();
        await tab.LookAsync("dutch-password");
        await tab.Page.Locator("#password").FillAsync(Person.Password);
        await tab.Page.Locator("#confirm").FillAsync(Person.Password);
        await PressAsync(tab, "Instellen");
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(true));
        await ExpectAsync(tab, "Je nieuwe wachtwoord is ingesteld");
        await tab.LookAsync("dutch-done");
    }

    [Fact]
    public async Task The_desk_speaks_the_language_of_who_sits_at_it_also_once_it_is_interactive()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await admin.Browser.ChooseLanguageAsync("nl", "/account");
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        await tab.SignInAsync(admin, portal.Address);
        await tab.Page.GotoAsync("/desk/users");

        await tab.Page.GetByLabel("Naam of gebruikersnaam").FillAsync("niemand");
        await Expect(tab.Page.GetByText("Niemand gevonden met “niemand”.")).ToBeVisibleAsync();
        await Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("lang", "nl");
        await tab.LookAsync("dutch-desk-users");

        await tab.Page.GotoAsync("/desk/users/new");
        await tab.Page.GetByLabel("Gebruikersnaam").FillAsync("lena@cloud.test");
        await tab.Page.GetByLabel("E-mailadres").FillAsync("lena@gmail.example");
        await PressAsync(tab, "Uitnodiging versturen");
        await Expect(tab.Page.GetByText("lena@cloud.test is uitgenodigd.")).ToBeVisibleAsync();
        Assert.Equal("Je account bij Corp Test", (await portal.MailsToAsync("lena@gmail.example")).Single().Subject);
    }

    private static Task ExpectAsync(BrowserTab tab, string heading) =>
        Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(heading);

    private static Task PressAsync(BrowserTab tab, string name) =>
        tab.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
}
