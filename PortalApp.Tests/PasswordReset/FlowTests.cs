using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.PasswordReset.Flows;
using PortalApp.Throttle;

namespace PortalApp.Tests.PasswordReset;

/// <summary>The walk itself, as a browser without scripts makes it.</summary>
public class FlowTests
{
    private const string Anna = "anna@corp.test";
    private const string Mail = "anna@flow.example";
    private static readonly WritebackResult Applied = new WritebackResult.Applied(false);

    [Fact]
    public async Task A_password_is_reset_and_the_person_is_told_once()
    {
        await using var portal = await PortalWithAnnaAsync();
        using var anna = portal.NewPerson();
        var form = await portal.ReachPasswordAsync(anna, Anna, Mail);
        Assert.Contains("At least 12 characters", form.Html, StringComparison.Ordinal);

        var sent = await anna.FinishAsync();
        Assert.Equal((HttpStatusCode.SeeOther, ResetPaths.Result), (sent.Status, sent.Location));
        await portal.AnswerAsync(RequestKind.Reset, Applied);
        await portal.AnswerAsync(RequestKind.Reset, Applied);

        Assert.Contains("Your password has been reset</h1>", (await anna.GetAsync(ResetPaths.Result)).Html, StringComparison.Ordinal);
        var mails = await portal.MailsToAsync(Mail);
        Assert.Single(mails, m => m.Subject?.Contains("has been reset", StringComparison.Ordinal) == true);
        Assert.All(mails, m => Assert.Contains(Anna, m.Text, StringComparison.Ordinal));
        Assert.Contains(AuditEventId.ResetBegun, await EventsAsync(portal));
    }

    /// <summary>Shown, they are text fields, and what a browser learns of a text is sent elsewhere or kept.</summary>
    [Fact]
    public async Task No_browser_corrects_spells_or_capitalises_a_password_that_is_shown()
    {
        await using var portal = await PortalWithAnnaAsync();
        using var anna = portal.NewPerson();

        var form = await portal.ReachPasswordAsync(anna, Anna, Mail);

        foreach (var id in new[] { "password", "confirm" })
        {
            var field = form.Html.Split('<').Single(tag => tag.StartsWith($"input id=\"{id}\"", StringComparison.Ordinal));
            Assert.All(
                ["autocapitalize=\"none\"", "autocorrect=\"off\"", "spellcheck=\"false\""],
                attribute => Assert.Contains(attribute, field, StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    [Trait("Case", "H21")]
    public async Task The_last_step_without_the_gates_writes_nothing()
    {
        await using var portal = await PortalWithAnnaAsync();
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        await anna.GetAsync(ResetPaths.Verify);

        var sent = await anna.FinishAsync();

        Assert.Equal((HttpStatusCode.SeeOther, ResetPaths.Verify), (sent.Status, sent.Location));
        Assert.Equal(0, await portal.WritesAsync());
    }

    [Fact]
    [Trait("Case", "H22")]
    [Trait("Case", "H37")]
    public async Task A_step_that_is_sent_again_has_no_effect()
    {
        await using var portal = await PortalWithAnnaAsync();
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        var code = await portal.CodeToAsync(Mail);
        await anna.GetAsync(ResetPaths.Verify);
        using var older = anna.SecondTab();
        await anna.PostAsync(ResetPaths.Verify, Person.CodeForm, ("code", code));

        var replayed = await older.PostAsync(ResetPaths.Verify, Person.CodeForm, ("code", code));

        Assert.Equal(ResetPaths.Begin + "?moved=1", replayed.Location);
        Assert.Equal(1, await portal.WithDbAsync(db => db.Set<PassedGate>().CountAsync()));
    }

    [Fact]
    [Trait("Case", "H23")]
    public async Task Fifty_parallel_finals_write_once()
    {
        await using var portal = await PortalWithAnnaAsync();
        using var anna = portal.NewPerson();
        await portal.ReachPasswordAsync(anna, Anna, Mail);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => anna.SecondTab().FinishAsync()));

        Assert.All(answers, a => Assert.Equal(ResetPaths.Result, a.Location));
        Assert.Equal(1, await portal.WritesAsync());
    }

    [Fact]
    [Trait("Case", "H23")]
    public async Task A_final_from_a_second_tab_after_the_outcome_writes_nothing()
    {
        await using var portal = await PortalWithAnnaAsync();
        using var anna = portal.NewPerson();
        await portal.ReachPasswordAsync(anna, Anna, Mail);
        using var second = anna.SecondTab();
        await anna.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, Applied);

        Assert.Equal(ResetPaths.Result, (await second.FinishAsync("Another haven 63")).Location);
        Assert.Equal(1, await portal.WritesAsync());
    }

    [Fact]
    public async Task A_refusal_by_policy_says_why_and_the_second_try_counts()
    {
        await using var portal = await PortalWithAnnaAsync();
        using var anna = portal.NewPerson();
        await portal.ReachPasswordAsync(anna, Anna, Mail);
        await anna.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Rejected(WritebackReason.InHistory, null));

        Assert.Equal(ResetPaths.Password, (await anna.GetAsync(ResetPaths.Result)).Location);
        var form = await anna.GetAsync(ResetPaths.Password);
        Assert.Matches("role=\"alert\"[^>]*>\\s*<h2>You have used this password before", form.Html);
        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        await anna.FinishAsync("Another haven 63");
        await portal.AnswerAsync(RequestKind.Reset, Applied);

        Assert.Contains("Your password has been reset", (await anna.GetAsync(ResetPaths.Result)).Html, StringComparison.Ordinal);
        Assert.Equal(2, await portal.WritesAsync());
        Assert.Equal(
            [AuditEventId.ResetBegun, AuditEventId.ResetFailed, AuditEventId.ResetBegun, AuditEventId.ResetDone],
            await EventsAsync(portal)
        );
    }

    [Theory]
    [InlineData("short", "short", "Use at least 12 characters")]
    [InlineData("Winter haven 62", "Winter haven 63", "The two are not the same")]
    [InlineData("", "", "Type a new password")]
    public async Task What_the_rules_refuse_is_not_sent_and_never_shown_back(string password, string confirm, string sentence)
    {
        await using var portal = await PortalWithAnnaAsync();
        using var anna = portal.NewPerson();
        await portal.ReachPasswordAsync(anna, Anna, Mail);

        var form = await anna.FinishAsync(password, confirm);

        Assert.Contains(sentence, form.Html, StringComparison.Ordinal);
        Assert.Contains("<title>Error:", form.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Winter haven", form.Html, StringComparison.Ordinal);
        Assert.Equal(0, await portal.WritesAsync());
    }

    [Theory]
    [InlineData(WritebackReason.Protected, "protected ones")]
    [InlineData(WritebackReason.Disabled, "Your account is disabled")]
    public async Task What_is_wrong_with_the_account_is_said_after_the_gates(WritebackReason reason, string sentence)
    {
        await using var portal = await PortalWithAnnaAsync();
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        await anna.TypeCodeAsync(await portal.CodeToAsync(Mail));
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.NotAttempted(reason, null));

        Assert.Equal(ResetPaths.Result, (await anna.GetAsync(ResetPaths.Password)).Location);
        var page = await anna.GetAsync(ResetPaths.Result);
        Assert.Contains(sentence, page.Html, StringComparison.Ordinal);
        Assert.Contains("SSPR_0029", page.Html, StringComparison.Ordinal);
        Assert.Contains("+31 201234567", page.Text, StringComparison.Ordinal);
        Assert.Equal(ResetPaths.Result, (await anna.FinishAsync()).Location);
        Assert.Equal(0, await portal.WritesAsync());
    }

    [Fact]
    public async Task A_check_that_nobody_answered_can_be_asked_again()
    {
        await using var portal = await PortalWithAnnaAsync();
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        await anna.TypeCodeAsync(await portal.CodeToAsync(Mail));
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.NotAttempted(WritebackReason.NoAgent, null));
        Assert.Contains("Try again", (await anna.GetAsync(ResetPaths.Password)).Html, StringComparison.Ordinal);

        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        await anna.PostAsync(ResetPaths.Password, ResetForms.CheckAgain);
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules));

        Assert.Contains("Choose a new password", (await anna.GetAsync(ResetPaths.Password)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restarted_portal_finds_the_flow_where_it_was()
    {
        var portal = await PortalWithAnnaAsync();
        var anna = portal.NewPerson();
        await portal.ReachPasswordAsync(anna, Anna, Mail);
        var kept = anna.Cookies[FlowCookie.Name];

        await using var restarted = await portal.RestartAsync();

        var hash = FlowCookie.Hash(kept);
        Assert.Equal(1, await restarted.WithDbAsync(db => db.Set<Flow>().CountAsync(f => f.KeyHash == hash && f.CheckRequest != null)));
        anna.Dispose();
    }

    [Fact]
    [Trait("Case", "H34")]
    public async Task A_page_left_open_past_the_flows_life_is_dead()
    {
        await using var portal = await PortalWithAnnaAsync();
        using var anna = portal.NewPerson();
        await portal.ReachPasswordAsync(anna, Anna, Mail);
        portal.Clock.Advance(Limits.Standard.FlowLifetime);

        Assert.Equal(ResetPaths.Result, (await anna.FinishAsync()).Location);
        Assert.Contains("This reset has ended", (await anna.GetAsync(ResetPaths.Result)).Html, StringComparison.Ordinal);
        Assert.Equal(0, await portal.WritesAsync());
    }

    [Fact]
    [Trait("Case", "H30")]
    public async Task An_address_that_is_changed_meanwhile_voids_the_gate()
    {
        await using var portal = await PortalWithAnnaAsync();
        using var anna = portal.NewPerson();
        await portal.ReachPasswordAsync(anna, Anna, Mail);
        await portal.WithDbAsync(db =>
            db.Set<PortalApp.Users.ContactValue>().ExecuteUpdateAsync(set => set.SetProperty(c => c.Value, "other@flow.example"))
        );

        Assert.Equal(ResetPaths.Verify, (await anna.FinishAsync()).Location);
        Assert.Equal(0, await portal.WritesAsync());
    }

    [Fact]
    [Trait("Case", "H38")]
    [Trait("Case", "H39")]
    public async Task An_older_and_an_expired_code_are_refused()
    {
        await using var portal = await PortalWithAnnaAsync();
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        var older = await portal.CodeToAsync(Mail);
        await anna.GetAsync(ResetPaths.Verify);
        portal.Clock.Advance(Limits.Standard.CodeWait);
        await anna.PostAsync(ResetPaths.Verify, Person.NewCodeForm);
        var newer = await portal.CodeToAsync(Mail);
        Assert.Contains("That code is not right", (await anna.TypeCodeAsync(older)).Html, StringComparison.Ordinal);
        portal.Clock.Advance(Limits.Standard.CodeLifetime + TimeSpan.FromSeconds(1));
        Assert.Contains("Ask for a new one", (await anna.TypeCodeAsync(newer)).Html, StringComparison.Ordinal);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<PassedGate>().CountAsync()));
    }

    [Fact]
    public async Task The_flows_key_is_renewed_at_a_passed_gate_and_only_its_hash_is_kept()
    {
        await using var portal = await PortalWithAnnaAsync();
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        var before = anna.Cookies[FlowCookie.Name];
        await anna.TypeCodeAsync(await portal.CodeToAsync(Mail));
        var after = anna.Cookies[FlowCookie.Name];

        Assert.NotEqual(before, after);
        var hash = await portal.WithDbAsync(db => db.Set<Flow>().Select(f => f.KeyHash).SingleAsync());
        Assert.Equal(FlowCookie.Hash(after), hash);
    }

    private static async Task<ResetPortal> PortalWithAnnaAsync()
    {
        var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        return portal;
    }

    private static Task<List<AuditEventId>> EventsAsync(ResetPortal portal) =>
        portal.WithDbAsync(db =>
            db.Set<AuditEntry>().Where(a => a.Event < AuditEventId.AgentEnrolled).OrderBy(a => a.Id).Select(a => a.Event).ToListAsync()
        );
}
