using Microsoft.EntityFrameworkCore;
using PortalApp.SignIn;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.Registration;

/// <summary>Who is sent to their security info after signing in.</summary>
public class DueQuestionTests
{
    [Fact]
    public async Task Whoever_never_registered_is_asked_at_sign_in_and_may_put_it_off_so_often()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await portal.SetTermsAsync(new(null, AsksAtSignIn: true, MayPutOff: 1, null));

        Assert.Equal("/security-info?return=%2Faccount", (await chris.Browser.GetAsync(SignInPaths.Account)).Location);
        await chris.Browser.GetAsync("/security-info?return=%2Faccount");
        Assert.Equal(SignInPaths.Account, (await chris.Browser.PostAsync("/security-info?return=%2Faccount", "later")).Location);
        Assert.True(await chris.IsInAsync());

        chris.TakeAnotherBrowser();
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await chris.TypePasswordAsync();
        var asked = await chris.Browser.GetAsync("/security-info?return=%2Faccount");
        Assert.Contains("Looks right", asked.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(">Later<", asked.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_to_register_again_is_asked_at_sign_in_until_they_say_that_all_is_right()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await portal.WithDbAsync(db =>
            db.Set<User>()
                .Where(u => u.UserPrincipalName == chris.Name)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.RegistrationRequiredAt, portal.Clock.GetUtcNow()))
        );

        Assert.Equal("/security-info?return=%2Faccount", (await chris.Browser.GetAsync(SignInPaths.Account)).Location);
        var asked = await chris.Browser.GetAsync("/security-info?return=%2Faccount");
        Assert.DoesNotContain(">Later<", asked.Html, StringComparison.Ordinal);
        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SignInPaths.Account, (await chris.Browser.PostAsync("/security-info?return=%2Faccount", "right")).Location);
        Assert.True(await chris.IsInAsync());
    }

    [Fact]
    public async Task Whoever_registered_long_ago_is_asked_whether_it_is_right_still()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await portal.SetTermsAsync(new(null, null, null, AskAgainDays: 30));
        await portal.WithDbAsync(db =>
            db.Set<User>()
                .Where(u => u.UserPrincipalName == chris.Name)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.RegisteredAt, portal.Clock.GetUtcNow() - TimeSpan.FromDays(30)))
        );

        Assert.StartsWith("/security-info", (await chris.Browser.GetAsync(SignInPaths.Account)).Location, StringComparison.Ordinal);
        await chris.Browser.GetAsync("/security-info");
        await chris.Browser.PostAsync("/security-info?return=%2Faccount", "right");
        Assert.True(await chris.IsInAsync());
    }
}
