using Microsoft.EntityFrameworkCore;
using PortalApp.PasswordReset.Flows;
using PortalApp.SignIn;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.PasswordReset;

/// <summary>A forgotten password that lives in the portal.</summary>
public sealed class PortalPasswordTests
{
    private const string Mail = "chris@gmail.example";
    private const string Other = "seven green lamps at night";

    [Fact]
    public async Task It_is_reset_by_the_same_way_and_the_old_one_and_every_session_end()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await chris.SetMailAsync(Mail);
        await portal.WithDbAsync(db => db.Set<User>().ExecuteUpdateAsync(set => set.SetProperty(u => u.Licensed, true)));
        using var anywhere = portal.NewPerson();

        Assert.Equal(ResetPaths.Verify, (await anywhere.BeginAsync(chris.Name)).Location);
        await anywhere.TypeCodeAsync(await portal.CodeToAsync(Mail));
        await anywhere.GetAsync(ResetPaths.Password);
        Assert.Contains("at least 15 characters", (await anywhere.FinishAsync("short")).Text, StringComparison.Ordinal);
        Assert.True(await chris.IsInAsync());
        Assert.Equal(ResetPaths.Result, (await anywhere.FinishAsync(Other)).Location);

        Assert.Contains("Your password has been reset", (await anywhere.GetAsync(ResetPaths.Result)).Text, StringComparison.Ordinal);
        Assert.False(await chris.IsInAsync());
        Assert.Contains("not right", (await chris.TypePasswordAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(SignInPaths.Account, (await chris.TypePasswordAsync(Other)).Location);
        Assert.Contains(
            await portal.MailsToAsync(Mail),
            mail => mail.Text.Contains("The password of chris@cloud.test was reset on", StringComparison.Ordinal)
        );
    }
}
