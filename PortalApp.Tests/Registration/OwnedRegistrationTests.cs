using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;
using OtpNet;
using PortalApp.Authenticators;
using PortalApp.Authenticators.RecoveryCodes;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Registration;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.Registration;

/// <summary>App, passkeys and recovery codes on the page of somebody's own security info.</summary>
public sealed partial class OwnedRegistrationTests(BrowserFixture browser)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_is_set_up_by_a_code_of_it_and_waits_before_a_reset_takes_it()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);

        var page = await chris.Browser.GetAsync(RegistrationPaths.App);
        var secret = Base32Encoding.ToBytes(Key().Match(page.Text).Groups["key"].Value.Replace(" ", "", StringComparison.Ordinal));
        var (hidden, code) = (
            Hidden().Match(page.Text).Groups["value"].Value,
            new OtpNet.Totp(secret).ComputeTotp(portal.Clock.GetUtcNow().UtcDateTime)
        );
        var wrong = await chris.Browser.PostAsync(RegistrationPaths.App, "app", ("secret", hidden), ("code", "abc"));
        Assert.Contains("That code is not right", wrong.Text, StringComparison.Ordinal);
        Assert.Equal(Key().Match(page.Text).Value, Key().Match(wrong.Text).Value);
        var kept = await chris.Browser.PostAsync(RegistrationPaths.App, "app", ("secret", hidden), ("code", code));

        Assert.Equal("/security-info?done=App", kept.Location);
        Assert.Empty(await HeldAsync(portal));
        portal.Clock.Skip(TimeSpan.FromHours(24));
        Assert.Equal([GateMethod.AuthenticatorApp], await HeldAsync(portal));
    }

    [Fact]
    public async Task A_secret_that_was_made_up_or_shown_to_another_session_sets_nothing_up()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await chris.Browser.GetAsync(RegistrationPaths.App);

        var made = Base32Encoding.ToBytes("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
        var code = new OtpNet.Totp(made).ComputeTotp(portal.Clock.GetUtcNow().UtcDateTime);
        var said = await chris.Browser.PostAsync(RegistrationPaths.App, "app", ("secret", Convert.ToBase64String(made)), ("code", code));

        Assert.Contains("That code is not right", said.Text, StringComparison.Ordinal);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<PortalApp.Authenticators.Apps.AuthenticatorApp>().CountAsync()));
    }

    [Fact]
    public async Task Recovery_codes_are_shown_once_and_take_the_place_of_those_before()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await chris.Browser.GetAsync(RegistrationPaths.Codes);

        var made = await chris.Browser.PostAsync(RegistrationPaths.Codes, "codes");

        Assert.Equal(10, made.Html.Split("<li>").Length - 1);
        Assert.Equal(
            10,
            await portal.Services.GetRequiredService<RecoveryCodeLists>().LeftAsync(await IdAsync(portal), AuthenticatorUse.Reset, Ct)
        );
        Assert.StartsWith(
            RegistrationPaths.Prove,
            (await chris.Browser.GetAsync(RegistrationPaths.Codes)).Location,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_passkey_is_added_named_and_removed_in_a_browser()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await chris.SetMailAsync("chris@gmail.example");
        var origin = portal.Address.GetLeftPart(UriPartial.Authority);
        // The port is known only now, and a passkey is bound to the whole of it.
        portal.Services.GetRequiredService<IOptions<PortalOptions>>().Value.Origin = origin;
        await using var tab = await browser.OpenAsync(origin);
        await tab.SignInAsync(chris, portal.Address);
        await VirtualDevice.PlugInAsync(tab.Page);
        await tab.Page.GotoAsync(RegistrationPaths.Passkey);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "E-mail me at" }).ClickAsync();
        await tab.Page.GetByLabel("Verification code").FillAsync(await portal.CodeToAsync("chris@gmail.example"));
        await tab.Page.Keyboard.PressAsync("Enter");

        await tab.LookAsync("security-info-passkey");
        await tab.Page.GetByLabel("Name of this passkey").FillAsync("My phone");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your passkey is kept");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Rename passkey My phone" }).ClickAsync();
        await tab.Page.GetByLabel("Name of this passkey").FillAsync("My old phone");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save name" }).ClickAsync();
        await tab.LookAsync("security-info-owned");
        await tab.Page.GotoAsync(RegistrationPaths.App);
        await tab.LookAsync("security-info-app");
        await tab.Page.GotoAsync(RegistrationPaths.Codes);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Make recovery codes" }).ClickAsync();
        await tab.LookAsync("security-info-codes");
        await tab.Page.GotoAsync(RegistrationPaths.Begin);
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Remove passkey My old phone" }).ClickAsync();
        await tab.LookAsync("security-info-remove");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Remove passkey" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("It is removed");
    }

    private static async Task<string> IdAsync(ResetPortal portal) => (await UserAsync(portal)).Id;

    private static Task<User> UserAsync(ResetPortal portal) =>
        portal.WithDbAsync(db =>
            db.Set<User>().AsNoTracking().Include(u => u.Contacts).SingleAsync(u => u.UserPrincipalName == "chris@cloud.test")
        );

    private static async Task<IEnumerable<GateMethod>> HeldAsync(ResetPortal portal)
    {
        var user = await UserAsync(portal);
        return (await portal.Services.GetRequiredService<GateProfiles>().OfAsync(GatePerson.Of(user.Tenant, user.Id, user), Ct)).Methods;
    }

    [GeneratedRegex("<code>(?<key>[A-Z2-7 ]+)</code>", RegexOptions.ExplicitCapture)]
    private static partial Regex Key();

    [GeneratedRegex("name=\"secret\" value=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Hidden();
}
