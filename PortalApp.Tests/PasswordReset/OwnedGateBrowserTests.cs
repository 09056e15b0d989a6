using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;
using PortalApp.Data;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Gates;
using static Microsoft.Playwright.Assertions;

namespace PortalApp.Tests.PasswordReset;

/// <summary>The gates that are passed with something a person owns, in Chromium, as a screen and a phone show them.</summary>
public sealed class OwnedGateBrowserTests(BrowserFixture browser)
{
    [Fact]
    public async Task Two_of_an_app_a_recovery_code_and_a_passkey_lead_to_the_password()
    {
        await using var portal = await ResetPortal.StartAsync();
        var origin = portal.Address.GetLeftPart(UriPartial.Authority);
        // The port is known only now, and a passkey is bound to the whole of it.
        portal.Services.GetRequiredService<IOptions<PortalOptions>>().Value.Origin = origin;
        await portal.RequireGatesAsync(2);
        var anna = await portal.AddUserAsync("anna", "anna@own.example");
        await portal.SetUpAppAsync(anna);
        var codes = await portal.MakeRecoveryCodesAsync(anna);
        using var passkey = await portal.AddPasskeyAsync(anna);
        await using var tab = await browser.OpenAsync(origin);
        await tab.Page.GotoAsync("/reset");
        await new EndToEnd.Wizard(tab).IdentifyAsync("anna@corp.test");
        await HeadingAsync(tab, "How can we reach you?");
        await tab.LookAsync("owned-choice");

        await PressAsync(tab, "Use my authenticator app");
        await HeadingAsync(tab, "Look at your authenticator app");
        await tab.LookAsync("owned-app");
        await tab.Page.GetByLabel("Verification code").FillAsync("000000");
        await PressAsync(tab, "Next");
        await Expect(tab.Page.Locator(".error-summary")).ToBeFocusedAsync();
        await tab.LookAsync("owned-app-wrong");
        await AnotherWayAsync(tab, "Use a recovery code", "Take one of your recovery codes");
        await tab.LookAsync("owned-recovery-code");
        await tab.Page.GetByLabel("Recovery code").FillAsync(codes[0]);
        await PressAsync(tab, "Next");

        await HeadingAsync(tab, "How can we reach you?");
        await Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Use a recovery code" })).ToHaveCountAsync(0);
        await PressAsync(tab, "Use a passkey");
        await HeadingAsync(tab, "Use your passkey");
        await tab.LookAsync("owned-passkey");
        var device = await VirtualDevice.PlugInAsync(tab.Page);
        await PressAsync(tab, "Use a passkey");
        await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Your device gave no passkey");
        await tab.LookAsync("owned-passkey-none");
        await AnotherWayAsync(tab, "Use my authenticator app", "Look at your authenticator app");
        await AnotherWayAsync(tab, "Use a passkey", "Use your passkey");
        await device.AddAsync(passkey);
        await PressAsync(tab, "Use a passkey");

        await HeadingAsync(tab, "Asking your organisation");
    }

    private static async Task AnotherWayAsync(BrowserTab tab, string method, string heading)
    {
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Choose another way" }).ClickAsync();
        await PressAsync(tab, method);
        await HeadingAsync(tab, heading);
    }

    private static Task HeadingAsync(BrowserTab tab, string heading) =>
        Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(heading);

    private static Task PressAsync(BrowserTab tab, string name) =>
        tab.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
}
