using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contacts;
using PortalApp.Audit;
using PortalApp.Gates;
using PortalApp.Registration;
using PortalApp.Registration.Contacts;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.Registration;

/// <summary>The phone that somebody registers, changes, confirms and removes on the page of their own security info.</summary>
public class PhoneRegistrationTests
{
    private const string Mine = "+31 612345678";
    private const string Told = "+31 687654321";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("06 1234 5678")]
    [InlineData("612345678")]
    [InlineData("+31 (0)6-12345678")]
    public async Task A_number_is_kept_in_one_form_however_it_is_typed_and_only_by_its_code(string typed)
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.WaitAsync(hours: 0);
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);

        Assert.Equal(RegistrationPaths.Phone, (await TypeNumberAsync(chris, typed)).Location);
        Assert.Null((await ContactsAsync(portal)).Mobile);
        Assert.Equal("/security-info?done=Phone", (await TypeCodeAsync(chris, await portal.CodeToAsync(Mine))).Location);

        Assert.Equal((Mine, Mine), ((await ContactsAsync(portal)).AuthenticationPhone?.Value, (await ContactsAsync(portal)).Mobile?.Value));
        Assert.NotNull((await UserAsync(portal)).RegisteredAt);
    }

    [Theory]
    [InlineData("call me", "That is not a phone number")]
    [InlineData("06 12", "That is not a phone number")]
    [InlineData("0900 1234567", "We cannot send a code to this number")]
    [InlineData("+49 15123456789", "We cannot send a code to this number")]
    [InlineData("06 12345678\r\nBcc: thief@home.example", "That is not a phone number")]
    [Trait("Case", "H111")]
    public async Task What_cannot_be_texted_is_said_at_the_field_and_stands_there_still(string typed, string said)
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);

        var page = await TypeNumberAsync(chris, typed);
        page = page.Text.Contains("Is this number right?", StringComparison.Ordinal)
            ? await TypeNumberAsync(chris, typed, "send", typed)
            : page;

        Assert.Contains(said, page.Text, StringComparison.Ordinal);
        Assert.Contains($"value=\"{typed}\"", page.Text, StringComparison.Ordinal);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<PortalApp.Notifications.OutgoingMessage>().CountAsync()));
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<ContactChange>().CountAsync()));
    }

    [Fact]
    public async Task The_first_of_the_tenants_countries_is_chosen_already()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        Assert.Contains(
            "<option value=\"NL\" selected",
            (await chris.Browser.GetAsync(RegistrationPaths.Phone)).Html,
            StringComparison.Ordinal
        );

        await portal.WithDbAsync(db =>
            db.Set<PortalApp.Tenants.Tenant>().ExecuteUpdateAsync(set => set.SetProperty(t => t.PhoneCountries, "BE,NL"))
        );
        portal.Clock.Skip(TimeSpan.FromMinutes(1));

        Assert.Contains(
            "<option value=\"BE\" selected",
            (await chris.Browser.GetAsync(RegistrationPaths.Phone)).Html,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_number_of_no_known_kind_is_asked_back_once_and_then_taken()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.WaitAsync(hours: 0);
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);

        Assert.Contains("Is this number right?", (await TypeNumberAsync(chris, "0691234567")).Text, StringComparison.Ordinal);
        Assert.Empty(await portal.MailsToAsync("+31 691234567"));
        await TypeNumberAsync(chris, "0691234567", sure: "0691234567");
        await TypeCodeAsync(chris, await portal.CodeToAsync("+31 691234567"));

        Assert.Equal([GateMethod.MobilePhoneText, GateMethod.MobilePhoneCall], await HeldAsync(portal));
    }

    [Fact]
    public async Task A_landline_is_called_with_the_code()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.WaitAsync(hours: 0);
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);

        Assert.Contains("a text may not reach it", (await TypeNumberAsync(chris, "020 5550100")).Text, StringComparison.Ordinal);
        Assert.Equal(RegistrationPaths.Phone, (await TypeNumberAsync(chris, "020 5550100", "call")).Location);
        await TypeCodeAsync(chris, SpokenCode(Assert.Single(await portal.MailsToAsync("+31 205550100")).Text));

        Assert.Equal([GateMethod.MobilePhoneCall], await HeldAsync(portal));
    }

    [Fact]
    [Trait("Case", "H30")]
    public async Task The_code_of_one_number_keeps_no_other()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.WaitAsync(hours: 0);
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await TypeNumberAsync(chris, Mine);
        var code = await portal.CodeToAsync(Mine);
        await chris.Browser.GetAsync(RegistrationPaths.Phone);
        await chris.Browser.PostAsync(RegistrationPaths.Phone, "phone", ("do", "cancel"));
        await TypeNumberAsync(chris, Told);

        await TypeCodeAsync(chris, code);

        Assert.Null((await ContactsAsync(portal)).Mobile);
    }

    [Fact]
    public async Task A_number_that_others_told_is_theirs_once_they_confirm_it_with_one_code()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await TellAsync(portal);
        await portal.SetTermsAsync(new(null, AsksAtSignIn: true, null, null));

        await chris.Browser.GetAsync(RegistrationPaths.Begin);
        Assert.Equal(RegistrationPaths.ConfirmPhone, (await chris.Browser.PostAsync(RegistrationPaths.Begin, "right")).Location);
        await ProveAsync(portal, chris, RegistrationPaths.ConfirmPhone);
        Assert.Contains("+31 •••21", (await chris.Browser.GetAsync(RegistrationPaths.ConfirmPhone)).Text, StringComparison.Ordinal);
        await chris.Browser.PostAsync(RegistrationPaths.ConfirmPhone, "phone", ("do", "confirm"));

        Assert.Equal(Told, (await ContactsAsync(portal)).AuthenticationPhone?.Value);
        Assert.Single(await portal.MailsToAsync(Told));
    }

    [Fact]
    [Trait("Case", "H113")]
    public async Task A_new_number_waits_takes_a_proof_with_what_was_held_and_every_address_is_told()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await TellAsync(portal);
        await chris.SetMailAsync("chris@gmail.example");
        Assert.Equal(RegistrationPaths.ProveFor(RegistrationPaths.Phone), (await chris.Browser.GetAsync(RegistrationPaths.Phone)).Location);
        await ProveAsync(portal, chris, RegistrationPaths.Phone);
        await TypeNumberAsync(chris, Mine);
        await TypeCodeAsync(chris, await portal.CodeToAsync(Mine));

        Assert.Equal(Told, (await ContactsAsync(portal)).Mobile?.Value);
        Assert.Contains(
            await portal.MailsToAsync("chris@gmail.example"),
            mail => mail.Text.Contains("another mobile phone", StringComparison.Ordinal)
        );
        Assert.Contains(
            await portal.MailsToAsync(Told),
            text => text.Text.Contains("this phone is being taken off", StringComparison.Ordinal)
        );
        portal.Clock.Skip(TimeSpan.FromHours(24));
        await portal.Services.GetRequiredService<ContactChanges>().CountAsync(Ct);
        Assert.Equal(Mine, (await ContactsAsync(portal)).Mobile?.Value);
    }

    [Fact]
    public async Task The_last_phone_that_a_reset_needs_cannot_be_removed_and_the_office_phone_cannot_be_touched()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.WaitAsync(hours: 0);
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await TypeNumberAsync(chris, Mine);
        await TypeCodeAsync(chris, await portal.CodeToAsync(Mine));
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        var path = RegistrationPaths.Removing("phone");
        await ProveAsync(portal, chris, path);

        Assert.Contains("has to stay", (await chris.Browser.GetAsync(path)).Text, StringComparison.Ordinal);
        await TellAsync(portal);
        await chris.Browser.GetAsync(path);
        Assert.Equal("/security-info?done=Removed", (await chris.Browser.PostAsync(path, "remove")).Location);
        Assert.Equal((null, Told), ((await ContactsAsync(portal)).AuthenticationPhone, (await ContactsAsync(portal)).Mobile?.Value));
        Assert.DoesNotContain("office phone", (await chris.Browser.GetAsync(RegistrationPaths.Begin)).Text, StringComparison.Ordinal);
    }

    private static async Task<Answer> TypeNumberAsync(DeskPerson person, string number, string by = "send", string? sure = null)
    {
        await person.Browser.GetAsync(RegistrationPaths.Phone);
        (string, string)[] fields = [("do", by), ("country", "NL"), ("number", number)];
        return await person.Browser.PostAsync(RegistrationPaths.Phone, "phone", sure is null ? fields : [.. fields, ("sure", sure)]);
    }

    private static async Task<Answer> TypeCodeAsync(DeskPerson person, string code)
    {
        await person.Browser.GetAsync(RegistrationPaths.Phone);
        return await person.Browser.PostAsync(RegistrationPaths.Phone, "phone", ("do", "verify"), ("code", code));
    }

    private static async Task ProveAsync(ResetPortal portal, DeskPerson person, string wanted)
    {
        var path = RegistrationPaths.ProveFor(wanted);
        var held = (await ContactsAsync(portal)).Mobile!.Value;
        await person.Browser.GetAsync(path);
        await person.Browser.PostAsync($"{path}&another=1", "choose", ("method", $"{(int)GateMethod.MobilePhoneText}"));
        await person.Browser.GetAsync(path);
        Assert.Equal(wanted, (await person.Browser.PostAsync(path, "answer", ("code", await portal.CodeToAsync(held)))).Location);
    }

    private static string SpokenCode(string text) => string.Concat(text.Split('\n')[1].Where(char.IsAsciiDigit));

    private static Task<int> TellAsync(ResetPortal portal) =>
        portal.WithDbAsync(async db =>
        {
            var user = await db.Set<User>().Include(u => u.Contacts).SingleAsync(u => u.UserPrincipalName == "chris@cloud.test");
            ContactStore.Write(user, ContactField.MobilePhone, [Told], ContactSource.Administrator, Actor.Portal, portal.Clock.GetUtcNow());
            return await db.SaveChangesAsync();
        });

    private static Task<User> UserAsync(ResetPortal portal) =>
        portal.WithDbAsync(db =>
            db.Set<User>().AsNoTracking().Include(u => u.Contacts).SingleAsync(u => u.UserPrincipalName == "chris@cloud.test")
        );

    private static async Task<ContactData> ContactsAsync(ResetPortal portal) => (await UserAsync(portal)).ToContactData();

    private static async Task<IEnumerable<GateMethod>> HeldAsync(ResetPortal portal)
    {
        var user = await UserAsync(portal);
        return (await portal.Services.GetRequiredService<GateProfiles>().OfAsync(GatePerson.Of(user.Tenant, user.Id, user), Ct)).Methods;
    }
}
