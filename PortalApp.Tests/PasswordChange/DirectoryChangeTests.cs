using Microsoft.EntityFrameworkCore;
using Portal.DirectorySync;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.PasswordReset.Flows;
using PortalApp.SignIn;
using PortalApp.SignIn.Sessions;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.PasswordReset;
using PortalApp.Throttle;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.PasswordChange;

/// <summary>Changing a password that lives in the organisation's directory; the test speaks for the agent that is asked.</summary>
public sealed class DirectoryChangeTests : IAsyncLifetime
{
    private const string Mail = "anna@gmail.example";
    private const string Old = "Lantern-Harbour-77";
    private const string Other = "Orange-Bicycle-1944";
    private ResetPortal portal = null!;
    private Person anna = null!;

    public async ValueTask InitializeAsync()
    {
        portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        anna = portal.NewPerson();
    }

    public async ValueTask DisposeAsync()
    {
        anna.Dispose();
        await portal.DisposeAsync();
    }

    [Fact]
    [Trait("Case", "H113")]
    public async Task It_is_one_request_whose_end_the_page_the_audit_and_one_notice_tell_and_only_other_sessions_end()
    {
        await SignInAsync(anna);
        using var elsewhere = portal.NewPerson();
        await SignInAsync(elsewhere);

        var page = await ChangeAsync(anna, SignInPaths.ChangePassword, new WritebackResult.Applied(false));

        Assert.Contains("Your password has been changed", page.Text, StringComparison.Ordinal);
        Assert.True(await IsInAsync(anna));
        Assert.False(await IsInAsync(elsewhere));
        Assert.Contains("was just changed", Assert.Single(await portal.MailsToAsync(Mail)).Text, StringComparison.Ordinal);
        Assert.Equal([AuditEventId.ChangeDone], await EventsAsync());
    }

    [Fact]
    public async Task Who_was_sent_here_by_an_expired_password_changes_it_and_then_signs_in()
    {
        await TypePasswordAsync(anna, new WritebackResult.Verified(PasswordState.Expired));

        var page = await ChangeAsync(anna, SignInPaths.DuePassword, new WritebackResult.Applied(false));

        Assert.Contains("Your password has been changed", page.Text, StringComparison.Ordinal);
        Assert.Contains($"href=\"{SignInPaths.Begin}\"", page.Html, StringComparison.Ordinal);
        Assert.False(await IsInAsync(anna));
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<Session>().CountAsync()));
    }

    [Theory]
    [InlineData(WritebackReason.WrongCurrentPassword, "current", "That is not your current password")]
    [InlineData(WritebackReason.InHistory, "password", "one of your last passwords")]
    [InlineData(WritebackReason.TooShort, "password", "ask for a longer one")]
    [InlineData(WritebackReason.TooYoung, "password", "some time between two changes")]
    [InlineData(WritebackReason.NearLockOut, null, "could lock your account")]
    public async Task What_the_directory_refuses_is_said_at_its_field_and_ends_nothing(WritebackReason why, string? field, string text)
    {
        await SignInAsync(anna);
        WritebackResult result =
            why == WritebackReason.NearLockOut
                ? new WritebackResult.NotAttempted(why, null)
                : new WritebackResult.Rejected(why, null, why == WritebackReason.WrongCurrentPassword ? null : ResetPortal.Rules);

        var page = await ChangeAsync(anna, SignInPaths.ChangePassword, result);

        Assert.Contains("Your password was not changed", page.Text, StringComparison.Ordinal);
        Assert.Contains(text, page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(field is not null, page.Html.Contains($"id=\"{field}-error\"", StringComparison.Ordinal));
        Assert.Equal([AuditEventId.ChangeFailed], await EventsAsync());
        Assert.Empty(await portal.MailsToAsync(Mail));
    }

    [Theory]
    [InlineData(AccountShut.SmartCard, false, "smart card")]
    [InlineData(AccountShut.Disabled, false, "switched this account off")]
    [InlineData(AccountShut.No, true, "has ended")]
    public async Task Whose_account_lets_nobody_in_hears_so_before_anything_is_typed(AccountShut shut, bool hasEnded, string text)
    {
        await SignInAsync(anna);
        DateTimeOffset? end = hasEnded ? portal.Clock.GetUtcNow() : null;
        await portal.WithDbAsync(db =>
            db.Set<User>().ExecuteUpdateAsync(set => set.SetProperty(u => u.Shut, shut).SetProperty(u => u.AccountEndsAt, end))
        );

        var page = await anna.GetAsync(SignInPaths.ChangePassword);

        Assert.Contains(text, page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("type=\"password\"", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_too_young_says_from_when()
    {
        await SignInAsync(anna);
        var from = new DateTimeOffset(2031, 5, 4, 13, 37, 0, TimeSpan.Zero);

        var page = await ChangeAsync(
            anna,
            SignInPaths.ChangePassword,
            new WritebackResult.Rejected(WritebackReason.TooYoung, null, ResetPortal.Rules with { ChangeableFrom = from })
        );

        Assert.Contains("2031-05-04T13:37:00Z", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H51")]
    public async Task An_unknown_one_says_so_and_evidence_days_later_ends_the_other_sessions_and_every_reset_that_was_begun()
    {
        await SignInAsync(anna);
        using var elsewhere = portal.NewPerson();
        await SignInAsync(elsewhere);

        var page = await ChangeAsync(anna, SignInPaths.ChangePassword, new WritebackResult.Unknown(WritebackReason.AnswerLost, null));
        Assert.Contains("We do not know whether", page.Text, StringComparison.Ordinal);
        Assert.True(await IsInAsync(elsewhere));
        using var resetting = portal.NewPerson();
        await resetting.BeginAsync("anna@corp.test");

        Assert.True(await portal.AnswerAsync(RequestKind.Change, new WritebackResult.Applied(false)));

        Assert.False(await IsInAsync(elsewhere));
        Assert.True(await IsInAsync(anna));
        Assert.True(await portal.WithDbAsync(db => db.Set<Flow>().AllAsync(f => f.ExpiresAt <= portal.Clock.GetUtcNow())));
        Assert.Equal([AuditEventId.ChangeUnknown, AuditEventId.ChangeDone], await EventsAsync());
        Assert.Contains(
            await portal.MailsToAsync(Mail),
            m => m.Subject?.Contains("may have been changed", StringComparison.Ordinal) == true
        );
    }

    [Fact]
    [Trait("Case", "H14")]
    public async Task Wrong_old_ones_count_with_those_of_the_sign_in_and_then_none_is_tried()
    {
        await SignInAsync(anna);
        var wrong = new WritebackResult.Rejected(WritebackReason.WrongCurrentPassword, null);
        for (var tried = 0; tried < Limits.Standard.DirectoryPasswords.All.Most; tried++)
        {
            await ChangeAsync(anna, SignInPaths.ChangePassword, wrong);
            portal.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var page = await PostAsync(anna, SignInPaths.ChangePassword);

        Assert.Contains("Too many wrong passwords", page.Text, StringComparison.Ordinal);
        using var again = portal.NewPerson();
        Assert.Contains("Too many wrong answers", (await TypePasswordAsync(again, null)).Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H14")]
    public async Task No_old_password_is_tried_while_another_one_of_the_person_is_nor_the_other_way_round()
    {
        await SignInAsync(anna);
        var location = (await PostAsync(anna, SignInPaths.ChangePassword)).Location!;
        using var other = portal.NewPerson();
        var signingIn = await PostPasswordAsync(other);

        var busy = await portal.PumpAsync(signingIn);

        Assert.Contains("Too many people are signing in", busy.Text, StringComparison.Ordinal);
        Assert.Equal(1, await portal.WithDbAsync(db => db.Set<Request>().CountAsync(r => r.EndedAt == null)));
        await portal.AnswerAsync(RequestKind.Change, new WritebackResult.Applied(false));
        Assert.Contains("has been changed", (await anna.GetAsync(location)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_sees_the_end_of_somebody_elses()
    {
        await portal.AddUserAsync("ben", null);
        await SignInAsync(anna);
        var location = (await PostAsync(anna, SignInPaths.ChangePassword)).Location!;
        await portal.AnswerAsync(RequestKind.Change, new WritebackResult.Applied(false));
        using var ben = portal.NewPerson();
        await SignInAsync(ben, "ben");

        Assert.DoesNotContain("has been changed", (await ben.GetAsync(location)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_agent_it_says_that_the_directory_is_not_reached_and_counts_nothing()
    {
        await SignInAsync(anna);
        portal.Agent.Health = null;
        portal.Clock.Advance(TimeSpan.FromMinutes(2));

        var page = await portal.PumpAsync(PostAsync(anna, SignInPaths.ChangePassword));

        Assert.Contains("Your password was not changed", page.Text, StringComparison.Ordinal);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<Request>().CountAsync(r => r.Kind == RequestKind.Change)));
    }

    private async Task<Answer> ChangeAsync(Person person, string path, WritebackResult said)
    {
        var posted = await PostAsync(person, path);
        Assert.StartsWith($"{path}?request=", posted.Location, StringComparison.Ordinal);
        Assert.True(await portal.AnswerAsync(RequestKind.Change, said));
        return await person.GetAsync(posted.Location!);
    }

    private static async Task<Answer> PostAsync(Person person, string path)
    {
        await person.GetAsync(path);
        return await person.PostAsync(path, "change-password", ("current", Old), ("password", Other), ("confirm", Other));
    }

    private async Task SignInAsync(Person person, string name = "anna") =>
        Assert.Equal(
            SignInPaths.Account,
            (await TypePasswordAsync(person, new WritebackResult.Verified(PasswordState.InForce), name)).Location
        );

    /// <param name="said">Of the agent; null where it is not asked.</param>
    private async Task<Answer> TypePasswordAsync(Person person, WritebackResult? said, string name = "anna")
    {
        var posted = await PostPasswordAsync(person, name);
        if (said is not null)
        {
            await Eventually.TrueAsync(
                () => portal.WithDbAsync(db => db.Set<Request>().AnyAsync(r => r.Kind == RequestKind.Verify && r.EndedAt == null)),
                TimeSpan.FromSeconds(20),
                "a question to the agent"
            );
            Assert.True(await portal.AnswerAsync(RequestKind.Verify, said));
        }

        return await portal.PumpAsync(posted);
    }

    /// <returns>The post of the password, which is not waited for.</returns>
    private static async Task<Task<Answer>> PostPasswordAsync(Person person, string name = "anna")
    {
        await person.GetAsync(SignInPaths.Begin);
        await person.PostAsync(SignInPaths.Begin, "sign-in", ("username", $"{name}@corp.test"), ("return", ""));
        await person.GetAsync(SignInPaths.Password);
        return person.PostAsync(SignInPaths.Password, "password", ("password", Old));
    }

    private static async Task<bool> IsInAsync(Person person) =>
        (await person.GetAsync(SignInPaths.Account)).Text.Contains("You are signed in as", StringComparison.Ordinal);

    private Task<List<AuditEventId>> EventsAsync() =>
        portal.WithDbAsync(db =>
            db.Set<AuditEntry>()
                .Where(a =>
                    a.Event == AuditEventId.ChangeDone || a.Event == AuditEventId.ChangeFailed || a.Event == AuditEventId.ChangeUnknown
                )
                .OrderBy(a => a.Id)
                .Select(a => a.Event)
                .ToListAsync()
        );
}
