using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;
using PortalApp.Data;
using PortalApp.SignIn.SecondFactor;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.PasswordReset;
using PortalApp.Users;
using static Microsoft.Playwright.Assertions;

namespace PortalApp.Tests.SignIn;

/// <summary>A passkey at the sign-in and at the desk, in Chromium.</summary>
public sealed class PasskeySignInBrowserTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_passkey_is_set_up_by_the_link_signs_in_and_confirms_a_change_at_the_desk()
    {
        await using var portal = await ResetPortal.StartAsync();
        var origin = portal.Address.GetLeftPart(UriPartial.Authority);
        // The port is known only now, and a passkey is bound to the whole of it.
        portal.Services.GetRequiredService<IOptions<PortalOptions>>().Value.Origin = origin;
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        var (_, link) = await DeskPerson.InviteAsync(portal, "eva", Role.Administrator);
        await using var tab = await browser.OpenAsync(origin);
        await tab.Page.GotoAsync(link);
        await PressAsync(tab, "Begin");
        await tab.Page.GetByLabel("New password", new() { Exact = true }).FillAsync(DeskPerson.Password);
        await tab.Page.GetByLabel("Confirm new password").FillAsync(DeskPerson.Password);
        await PressAsync(tab, "Next");
        await VirtualDevice.PlugInAsync(tab.Page);
        await PressAsync(tab, "Set up a passkey");
        await HeadingAsync(tab, "Keep these recovery codes");
        await tab.Page.GotoAsync("/account");
        await PressAsync(tab, "Sign out");

        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await tab.Page.GetByLabel("User ID").FillAsync("eva@cloud.test");
        await PressAsync(tab, "Next");
        await tab.Page.GetByLabel("Password").FillAsync(DeskPerson.Password);
        await PressAsync(tab, "Sign in");
        await HeadingAsync(tab, "Confirm that it is you");
        await tab.LookAsync("sign-in-passkey");
        await PressAsync(tab, "Use a passkey");
        await HeadingAsync(tab, "Overview");

        await tab.Page.GotoAsync($"/desk/users/{anna.Id}");
        portal.Clock.Skip(ProofAgain.Holds);
        await tab.Page.GetByLabel("What this user may do").SelectOptionAsync("Helpdesk");
        await PressAsync(tab, "Change the role");
        var dialog = tab.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" })).ToBeVisibleAsync();
        await tab.LookAsync("desk-prove-again-passkey");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The role is now: Helpdesk");
        Assert.Equal(
            Role.Helpdesk,
            await portal.WithDbAsync(db => db.Set<User>().Where(u => u.Id == anna.Id).Select(u => u.Role).SingleAsync())
        );
    }

    private static Task HeadingAsync(BrowserTab tab, string heading) =>
        Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(heading);

    private static Task PressAsync(BrowserTab tab, string name) =>
        tab.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
}
