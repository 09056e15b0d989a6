using PortalApp.SignIn;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.PasswordReset;
using PortalApp.Users;

namespace PortalApp.Tests.SignIn;

/// <summary>Changing a password that lives in the portal, by who is signed in.</summary>
public sealed class ChangePasswordTests(BrowserFixture browser)
{
    private const string Other = "seven green lamps at night";

    [Fact]
    public async Task The_new_one_signs_in_the_old_one_does_not_and_only_other_sessions_end()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await chris.SetMailAsync("chris@gmail.example");
        var here = chris.Browser;
        chris.TakeAnotherBrowser();
        await chris.TypePasswordAsync();
        Assert.True(await chris.IsInAsync());
        var elsewhere = chris.Browser;
        chris.TakeBrowser(here);

        Assert.Contains(
            "Your password has been changed",
            (await ChangeAsync(chris, DeskPerson.Password, Other)).Text,
            StringComparison.Ordinal
        );

        Assert.True(await chris.IsInAsync());
        chris.TakeBrowser(elsewhere);
        Assert.False(await chris.IsInAsync());
        Assert.Contains("not right", (await chris.TypePasswordAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(SignInPaths.Account, (await chris.TypePasswordAsync(Other)).Location);
        Assert.Contains("was just changed", Assert.Single(await portal.MailsToAsync("chris@gmail.example")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_current_one_changes_nothing_and_a_slip_in_the_new_one_is_said_at_its_field()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);

        Assert.Contains("That is not your current password", (await ChangeAsync(chris, "wrong", Other)).Text, StringComparison.Ordinal);
        Assert.Contains("at least 15 characters", (await ChangeAsync(chris, DeskPerson.Password, "short")).Text, StringComparison.Ordinal);
        Assert.Contains("not the same", (await ChangeAsync(chris, DeskPerson.Password, Other, "another")).Text, StringComparison.Ordinal);

        chris.TakeAnotherBrowser();
        Assert.Equal(SignInPaths.Account, (await chris.TypePasswordAsync()).Location);
    }

    [Fact]
    public async Task Who_has_a_session_but_not_the_password_guesses_it_only_so_often()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        var said = "";
        for (var tried = 0; tried < 101 && !said.Contains("Too many wrong passwords", StringComparison.Ordinal); tried++)
        {
            said = (await ChangeAsync(chris, $"wrong {tried}", Other)).Text;
        }

        Assert.Contains("Too many wrong passwords", said, StringComparison.Ordinal);
        Assert.Contains("Too many wrong passwords", (await ChangeAsync(chris, DeskPerson.Password, Other)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_pages_are_clean()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        await tab.SignInAsync(chris, portal.Address);
        await tab.Page.GotoAsync(SignInPaths.ChangePassword);
        await tab.LookAsync("change-password");
        await tab.Page.GetByLabel("Current password").FillAsync("wrong");
        await tab.Page.GetByLabel("New password", new() { Exact = true }).FillAsync(Other);
        await tab.Page.GetByLabel("Confirm new password").FillAsync(Other);
        await tab.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await tab.LookAsync("change-password-wrong");
        await tab.Page.GetByLabel("Current password").FillAsync(DeskPerson.Password);
        await tab.Page.GetByLabel("New password", new() { Exact = true }).FillAsync(Other);
        await tab.Page.GetByLabel("Confirm new password").FillAsync(Other);
        await tab.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await tab.LookAsync("change-password-done");
    }

    private static async Task<Answer> ChangeAsync(DeskPerson person, string current, string password, string? confirm = null)
    {
        await person.Browser.GetAsync(SignInPaths.ChangePassword);
        var posted = await person.Browser.PostAsync(
            SignInPaths.ChangePassword,
            "change-password",
            ("current", current),
            ("password", password),
            ("confirm", confirm ?? password)
        );
        return posted.Location is { } end ? await person.Browser.GetAsync(end) : posted;
    }
}
