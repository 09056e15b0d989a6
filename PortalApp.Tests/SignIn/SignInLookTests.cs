using Microsoft.Playwright;
using OtpNet;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.PasswordReset;
using PortalApp.Users;
using static Microsoft.Playwright.Assertions;

namespace PortalApp.Tests.SignIn;

/// <summary>Every page of signing in, as a screen and a phone show it.</summary>
public sealed class SignInLookTests(BrowserFixture browser)
{
    [Fact]
    public async Task Every_page_from_the_link_to_the_desk_is_clean()
    {
        await using var portal = await ResetPortal.StartAsync();
        var (_, link) = await DeskPerson.InviteAsync(portal, "eva", Role.Administrator);
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        await tab.Page.GotoAsync(link);
        await tab.LookAsync("sign-in-welcome");
        await PressAsync(tab, "Begin");

        await tab.LookAsync("sign-in-new-password");
        await tab.Page.GetByLabel("New password", new() { Exact = true }).FillAsync("short");
        await tab.Page.GetByLabel("Confirm new password").FillAsync("short");
        await PressAsync(tab, "Next");
        await tab.LookAsync("sign-in-new-password-wrong");
        await tab.Page.GetByLabel("New password", new() { Exact = true }).FillAsync(DeskPerson.Password);
        await tab.Page.GetByLabel("Confirm new password").FillAsync(DeskPerson.Password);
        await PressAsync(tab, "Next");

        await tab.LookAsync("sign-in-authenticator");
        var key = (await tab.Page.Locator("code").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await tab.Page.GetByLabel("Verification code").FillAsync(Code(portal, key));
        await PressAsync(tab, "Verify");
        await tab.LookAsync("sign-in-recovery-codes");
        await tab.Page.GotoAsync("/account");
        await tab.LookAsync("sign-in-account");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();

        await tab.LookAsync("sign-in");
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await tab.Page.GetByLabel("User ID").FillAsync("eva@cloud.test");
        await PressAsync(tab, "Next");
        await tab.LookAsync("sign-in-password");
        await tab.Page.GetByLabel("Password").FillAsync("wrong");
        await PressAsync(tab, "Sign in");
        await Expect(tab.Page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("^Error:"));
        await tab.LookAsync("sign-in-password-wrong");
        await tab.Page.GetByLabel("Password").FillAsync(DeskPerson.Password);
        await PressAsync(tab, "Sign in");
        await tab.LookAsync("sign-in-verify");
        await tab.Page.GetByLabel("Verification code").FillAsync(Code(portal, key));
        await PressAsync(tab, "Verify");
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Overview");
    }

    private static string Code(ResetPortal portal, string key) =>
        new OtpNet.Totp(Base32Encoding.ToBytes(key)).ComputeTotp(portal.Clock.GetUtcNow().UtcDateTime);

    private static Task PressAsync(BrowserTab tab, string name) =>
        tab.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
}
