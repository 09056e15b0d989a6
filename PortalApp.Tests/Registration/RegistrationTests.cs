using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contacts;
using PortalApp.Gates.Questions;
using PortalApp.Registration;
using PortalApp.Registration.Contacts;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.Registration;

/// <summary>What somebody who is signed in may change of what they are verified by, and what it takes.</summary>
public class RegistrationTests
{
    private const string Old = "chris@gmail.example";
    private const string New = "chris@home.example";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_address_is_registered_by_its_code_after_the_password_alone()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.WaitAsync(hours: 0);
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);

        await TypeAddressAsync(chris, New);
        var kept = await TypeCodeAsync(chris, await portal.CodeToAsync(New));

        Assert.Equal("/security-info?done=Email", kept.Location);
        Assert.Equal(New, (await ContactsAsync(portal)).AuthenticationEmail?.Value);
        Assert.NotNull((await UserAsync(portal)).RegisteredAt);
    }

    [Fact]
    public async Task Nothing_is_kept_before_its_code()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await TypeAddressAsync(chris, New);
        var code = await portal.CodeToAsync(New);

        var wrong = await TypeCodeAsync(
            chris,
            $"{(int.Parse(code, System.Globalization.CultureInfo.InvariantCulture) + 1) % 100_000_000:D8}"
        );

        Assert.Contains("That code is not right", wrong.Text, StringComparison.Ordinal);
        Assert.Null((await ContactsAsync(portal)).AlternateEmail);
    }

    [Fact]
    public async Task Whoever_has_the_password_alone_changes_nothing_of_somebody_who_holds_something()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await chris.SetMailAsync(Old);

        foreach (var path in new[] { RegistrationPaths.Email, RegistrationPaths.Questions, $"{RegistrationPaths.Remove}?method=e-mail" })
        {
            Assert.Equal(RegistrationPaths.ProveFor(path), (await chris.Browser.GetAsync(path)).Location);
        }

        await chris.Browser.GetAsync(RegistrationPaths.Begin);
        var posted = await chris.Browser.PostAsync(RegistrationPaths.Email, "e-mail", ("do", "send"), ("address", "thief@home.example"));
        Assert.StartsWith(RegistrationPaths.Prove, posted.Location, StringComparison.Ordinal);
        Assert.Empty(await portal.MailsToAsync("thief@home.example"));
    }

    [Fact]
    public async Task A_code_to_what_is_held_opens_the_change_for_a_while_in_that_session()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await chris.SetMailAsync(Old);

        Assert.Equal(RegistrationPaths.Email, (await ProveAsync(portal, chris, RegistrationPaths.Email)).Location);
        Assert.Contains("E-mail address", (await chris.Browser.GetAsync(RegistrationPaths.Email)).Text, StringComparison.Ordinal);
        var here = chris.Browser;
        chris.TakeAnotherBrowser();
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await chris.TypePasswordAsync();
        Assert.StartsWith(
            RegistrationPaths.Prove,
            (await chris.Browser.GetAsync(RegistrationPaths.Email)).Location,
            StringComparison.Ordinal
        );
        chris.TakeBrowser(here);
        portal.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.StartsWith(
            RegistrationPaths.Prove,
            (await chris.Browser.GetAsync(RegistrationPaths.Email)).Location,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_message_with_a_proofs_code_says_what_it_is_for()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await chris.SetMailAsync(Old);
        await ChooseAsync(chris, RegistrationPaths.Email);
        var mail = Assert.Single(await portal.MailsToAsync(Old));

        Assert.Contains("change the security info", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("set a new password", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H113")]
    public async Task A_new_address_waits_the_old_one_counts_meanwhile_and_both_are_told()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.WaitAsync(hours: 24);
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await chris.SetMailAsync(Old);
        await ProveAsync(portal, chris, RegistrationPaths.Email);
        await TypeAddressAsync(chris, New);
        await TypeCodeAsync(chris, await portal.CodeToAsync(New));

        Assert.Equal(Old, (await ContactsAsync(portal)).AlternateEmail?.Value);
        foreach (var told in new[] { Old, New })
        {
            Assert.Contains(await portal.MailsToAsync(told), mail => mail.Text.Contains("was just changed", StringComparison.Ordinal));
        }

        await CountAsync(portal);
        Assert.Equal(Old, (await ContactsAsync(portal)).AlternateEmail?.Value);
        portal.Clock.Skip(TimeSpan.FromHours(24));
        await CountAsync(portal);
        var contacts = await ContactsAsync(portal);
        Assert.Equal((New, New), (contacts.AuthenticationEmail?.Value, contacts.AlternateEmail?.Value));
    }

    [Fact]
    public async Task What_others_told_of_a_person_is_theirs_once_they_confirm_it_with_one_code_and_never_waits()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await chris.SetMailAsync(Old);
        Assert.Equal(RegistrationPaths.ConfirmEmail, (await ProveAsync(portal, chris, RegistrationPaths.ConfirmEmail)).Location);

        await chris.Browser.GetAsync(RegistrationPaths.ConfirmEmail);
        var kept = await chris.Browser.PostAsync(RegistrationPaths.ConfirmEmail, "e-mail", ("do", "confirm"));

        Assert.Equal("/security-info?done=Email", kept.Location);
        Assert.Equal(Old, (await ContactsAsync(portal)).AuthenticationEmail?.Value);
    }

    [Fact]
    public async Task The_last_way_that_a_reset_needs_cannot_be_removed()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.WaitAsync(hours: 0);
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await TypeAddressAsync(chris, New);
        await TypeCodeAsync(chris, await portal.CodeToAsync(New));
        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        await ProveAsync(portal, chris, $"{RegistrationPaths.Remove}?method=e-mail");

        Assert.Contains("has to stay", (await RemoveAsync(chris)).Text, StringComparison.Ordinal);
        Assert.Equal(New, (await ContactsAsync(portal)).AuthenticationEmail?.Value);
        await chris.SetMailAsync(Old);
        Assert.Equal("/security-info?done=Removed", (await RemoveAsync(chris)).Location);
        Assert.Equal(Old, (await ContactsAsync(portal)).AlternateEmail?.Value);
    }

    [Fact]
    public async Task A_mailbox_of_the_persons_own_organisation_is_asked_back_once()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);

        var asked = await TypeAddressAsync(chris, "chris@cloud.test");
        Assert.Contains("when you are locked out", asked.Text, StringComparison.Ordinal);
        Assert.Empty(await portal.MailsToAsync("chris@cloud.test"));
        await chris.Browser.PostAsync(
            RegistrationPaths.Email,
            "e-mail",
            ("do", "send"),
            ("address", "chris@cloud.test"),
            ("sure", "chris@cloud.test")
        );
        Assert.Single(await portal.MailsToAsync("chris@cloud.test"));
    }

    [Fact]
    public async Task What_is_no_address_is_said_at_the_field_and_stands_there_still()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);

        var said = await TypeAddressAsync(chris, "chris at home");

        Assert.Contains("That is not an e-mail address", said.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"chris at home\"", said.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_are_set_all_at_once_and_a_fault_keeps_what_was_chosen_and_no_answer()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        var ids = (await portal.Services.GetRequiredService<QuestionStore>().OfferedAsync(portal.Tenant.Id, Ct))
            .Take(5)
            .Select(q => q.Id)
            .ToArray();

        var wrong = await AnswerAsync(chris, ids, at => at == 3 ? "xy" : $"Secret word {at}");
        Assert.Contains("at least 3", wrong.Text, StringComparison.Ordinal);
        Assert.Equal(5, wrong.Html.Split(" selected").Length - 1);
        Assert.DoesNotContain("Secret word", wrong.Html, StringComparison.Ordinal);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<SecurityAnswer>().CountAsync()));

        Assert.Equal("/security-info?done=Questions", (await AnswerAsync(chris, ids, at => $"Secret word {at}")).Location);
        Assert.Equal(5, await portal.WithDbAsync(db => db.Set<SecurityAnswer>().CountAsync()));
    }

    [Fact]
    [Trait("Case", "H48")]
    public async Task Looking_at_the_pages_sends_nothing_and_spends_nothing()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await TypeAddressAsync(chris, New);
        var code = await portal.CodeToAsync(New);
        string[] pages =
        [
            RegistrationPaths.Begin,
            RegistrationPaths.Email,
            RegistrationPaths.ConfirmEmail,
            RegistrationPaths.Phone,
            RegistrationPaths.ConfirmPhone,
            RegistrationPaths.Questions,
        ];
        foreach (var page in pages.Concat(pages).Append($"{RegistrationPaths.Remove}?method=e-mail"))
        {
            await chris.Browser.GetAsync(page);
        }

        Assert.Single(await portal.MailsToAsync(New));
        Assert.Equal("/security-info?done=Email", (await TypeCodeAsync(chris, code)).Location);
    }

    private static Task<int> CountAsync(ResetPortal portal) => portal.Services.GetRequiredService<ContactChanges>().CountAsync(Ct);

    private static Task<User> UserAsync(ResetPortal portal) =>
        portal.WithDbAsync(db =>
            db.Set<User>().AsNoTracking().Include(u => u.Contacts).SingleAsync(u => u.UserPrincipalName == "chris@cloud.test")
        );

    private static async Task<ContactData> ContactsAsync(ResetPortal portal) => (await UserAsync(portal)).ToContactData();

    private static async Task<Answer> TypeAddressAsync(DeskPerson person, string address)
    {
        await person.Browser.GetAsync(RegistrationPaths.Email);
        return await person.Browser.PostAsync(RegistrationPaths.Email, "e-mail", ("do", "send"), ("address", address));
    }

    private static async Task<Answer> TypeCodeAsync(DeskPerson person, string code)
    {
        await person.Browser.GetAsync(RegistrationPaths.Email);
        return await person.Browser.PostAsync(RegistrationPaths.Email, "e-mail", ("do", "verify"), ("code", code));
    }

    private static async Task ChooseAsync(DeskPerson person, string wanted)
    {
        await person.Browser.GetAsync(RegistrationPaths.ProveFor(wanted));
        await person.Browser.PostAsync($"{RegistrationPaths.ProveFor(wanted)}&another=1", "choose", ("method", "1"));
    }

    private static async Task<Answer> ProveAsync(ResetPortal portal, DeskPerson person, string wanted)
    {
        await ChooseAsync(person, wanted);
        var held = (await ContactsAsync(portal)).AlternateEmail!.Value;
        await person.Browser.GetAsync(RegistrationPaths.ProveFor(wanted));
        return await person.Browser.PostAsync(RegistrationPaths.ProveFor(wanted), "answer", ("code", await portal.CodeToAsync(held)));
    }

    private static async Task<Answer> RemoveAsync(DeskPerson person)
    {
        var path = $"{RegistrationPaths.Remove}?method=e-mail";
        var page = await person.Browser.GetAsync(path);
        return page.Text.Contains("has to stay", StringComparison.Ordinal) ? page : await person.Browser.PostAsync(path, "remove");
    }

    private static async Task<Answer> AnswerAsync(DeskPerson person, long[] ids, Func<int, string> answer)
    {
        await person.Browser.GetAsync(RegistrationPaths.Questions);
        return await person.Browser.PostAsync(
            RegistrationPaths.Questions,
            "questions",
            [.. ids.SelectMany((id, at) => new[] { ($"question-{at}", $"{id}"), ($"answer-{at}", answer(at)) })]
        );
    }
}
