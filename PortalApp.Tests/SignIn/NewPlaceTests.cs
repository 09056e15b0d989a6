using System.Net;
using Microsoft.EntityFrameworkCore;
using PortalApp.Notifications.Notices;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.PasswordReset;
using PortalApp.Throttle.Familiar;
using PortalApp.Users;

namespace PortalApp.Tests.SignIn;

/// <summary>What a person is told of a sign-in where they never signed in.</summary>
public sealed class NewPlaceTests
{
    private const string Mail = "anna@gmail.example";

    [Fact]
    [Trait("Case", "H113")]
    public async Task A_sign_in_in_a_new_browser_from_a_new_network_is_told_once_with_a_way_to_say_that_it_was_not_them()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var anna = await DeskPerson.SetUpAsync(portal, "anna", Role.User);
        await anna.SetMailAsync(Mail);

        anna.TakeAnotherBrowser();
        await SignInAsync(anna);
        Assert.Empty(await ToldAsync(portal));

        using var elsewhere = portal.NewPerson(from: IPAddress.Parse("127.200.1.1"));
        anna.TakeBrowser(elsewhere);
        await SignInAsync(anna);
        var told = Assert.Single(await ToldAsync(portal));
        Assert.Contains("anna@cloud.test", told.Text, StringComparison.Ordinal);
        Assert.Contains("127.200.1.0/24", told.Text, StringComparison.Ordinal);
        Assert.Contains(DisputeLink.Path, told.Text, StringComparison.Ordinal);

        await SignInAsync(anna);
        Assert.Single(await ToldAsync(portal));
    }

    [Fact]
    public async Task Of_the_first_place_of_all_nobody_is_told()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var anna = await DeskPerson.SetUpAsync(portal, "anna", Role.User);
        await anna.SetMailAsync(Mail);
        await portal.WithDbAsync(db => db.Set<FamiliarPlace>().ExecuteDeleteAsync());
        using var elsewhere = portal.NewPerson(from: IPAddress.Parse("127.200.1.1"));
        anna.TakeBrowser(elsewhere);

        await SignInAsync(anna);

        Assert.Empty(await ToldAsync(portal));
    }

    private static async Task SignInAsync(DeskPerson anna)
    {
        await anna.TypePasswordAsync();
        Assert.True(await anna.IsInAsync());
    }

    private static async Task<IReadOnlyList<OutboxMessage>> ToldAsync(ResetPortal portal) =>
        [.. (await portal.MailsToAsync(Mail)).Where(mail => mail.Subject == "A new sign-in to your account at Corp Test")];
}
