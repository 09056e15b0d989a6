using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.Gates;
using PortalApp.Helpdesk.Actions;
using PortalApp.Helpdesk.Callers;
using PortalApp.Helpdesk.ResetLinks;
using PortalApp.PasswordReset.Flows;
using PortalApp.SignIn.Sessions;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;
using static PortalApp.PasswordReset.Flows.ResetPaths;

namespace PortalApp.Tests.Helpdesk;

/// <summary>The link by which the helpdesk has a person begin a reset.</summary>
public sealed partial class ResetLinkTests
{
    private const string Mail = "anna@gmail.example";
    private const string Mobile = "+31 612345678";
    private const string Form = "reset-link";

    [Fact]
    [Trait("Case", "H107")]
    public async Task A_link_begins_the_persons_own_reset_once_with_each_gate_still_to_pass()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", Mail);
        var helper = await HelperAsync(portal);
        Assert.Equal(new HelpdeskOutcome.Refused(HelpdeskRefusal.NotVerified), await StartAsync(portal, helper, anna));
        Assert.Empty(await portal.MailsToAsync(Mail));

        var link = await SendAsync(portal, helper, anna);
        using var person = portal.NewPerson();
        Assert.Contains("anna@corp.test", (await person.FollowLinkFromElsewhereAsync(link)).Text, StringComparison.Ordinal);
        Assert.Contains("anna@corp.test", (await person.GetAsync(link)).Text, StringComparison.Ordinal);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<Flow>().CountAsync()));

        Assert.Equal(Verify, (await person.PostAsync(link, Form)).Location);
        var flow = await portal.WithDbAsync(db => db.Set<Flow>().Include(f => f.PassedGates).SingleAsync());
        Assert.Equal((anna.Id, 0), (flow.UserId, flow.PassedGates.Count));
        var opened = Assert.Single(await EventsAsync(portal));
        Assert.Equal((anna.Id, flow.Trace, "Begun"), (opened.Subject, opened.Trace, opened.Outcome));
        var begun = await portal.WithDbAsync(db => db.Set<AuditEntry>().SingleAsync(a => a.Event == AuditEventId.HelpdeskActed));
        Assert.Equal(("StartReset", flow.Trace), (begun.Outcome, begun.Trace));

        using var late = portal.NewPerson();
        Assert.Contains("does not work any more", (await late.GetAsync(link)).Text, StringComparison.Ordinal);
        await person.TypeCodeAsync(await portal.CodeToAsync(Mail));
        await portal.AnswerAsync(Portal.Writeback.RequestKind.Check, new Portal.Writeback.WritebackResult.Settable(ResetPortal.Rules));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await person.GetAsync(Password)).Status);
    }

    [Fact]
    public async Task Eight_presses_at_once_begin_one_reset()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", Mail);
        var link = await SendAsync(portal, await HelperAsync(portal), anna);
        var people = Enumerable.Range(0, 8).Select(_ => portal.NewPerson()).ToList();
        await Task.WhenAll(people.Select(person => person.GetAsync(link)));

        var answers = await Task.WhenAll(people.Select(person => person.PostAsync(link, Form)));

        Assert.Single(answers, answer => answer.Location == Verify);
        Assert.Equal(7, answers.Count(answer => answer.Text.Contains("does not work any more", StringComparison.Ordinal)));
        Assert.Equal(1, await portal.WithDbAsync(db => db.Set<Flow>().CountAsync()));
        people.ForEach(person => person.Dispose());
    }

    [Fact]
    [Trait("Case", "H107")]
    public async Task A_link_opened_where_the_helper_is_signed_in_is_refused_told_to_the_audit_and_still_works_for_the_person()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", Mail);
        using var helper = await DeskPerson.SetUpAsync(portal, "helper", Role.Helpdesk);
        var link = await SendAsync(portal, await HelperAsync(portal), anna);

        var shown = await helper.Browser.GetAsync(link);

        Assert.Contains("This link is for somebody else", shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("anna@corp.test", shown.Text, StringComparison.Ordinal);
        Assert.Equal("OfSomebodyElse", Assert.Single(await EventsAsync(portal)).Outcome);

        // Also a page that was opened before signing in.
        using var before = portal.NewPerson();
        await before.GetAsync(link);
        before.TakeCookiesOf(helper.Browser);
        Assert.NotEqual(Verify, (await before.PostAsync(link, Form)).Location);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<Flow>().CountAsync()));

        using var person = portal.NewPerson();
        await person.GetAsync(link);
        Assert.Equal(Verify, (await person.PostAsync(link, Form)).Location);
    }

    [Fact]
    public async Task Where_no_mail_is_held_the_link_goes_by_text_if_the_policy_has_texts()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", null, mobile: Mobile);
        var helper = await HelperAsync(portal);

        var link = await SendAsync(portal, helper, anna, to: Mobile);
        using var person = portal.NewPerson();
        await person.GetAsync(link);
        Assert.StartsWith("/reset", (await person.PostAsync(link, Form)).Location, StringComparison.Ordinal);

        await portal.PublishAsync(terms => terms with { Methods = terms.Methods.Remove(GateMethod.MobilePhoneText) });
        portal.Clock.Advance(ResetLinkStore.Pause + TimeSpan.FromSeconds(1));
        Assert.Equal(new HelpdeskOutcome.Refused(HelpdeskRefusal.NothingHeld), await StartAsync(portal, helper, anna));
    }

    [Fact]
    public async Task A_link_works_for_an_hour_and_a_newer_one_voids_it()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", Mail);
        var helper = await HelperAsync(portal);
        var first = await SendAsync(portal, helper, anna);
        Assert.IsType<HelpdeskOutcome.NothingToDo>(await StartAsync(portal, helper, anna));
        portal.Clock.Advance(ResetLinkStore.Pause + TimeSpan.FromSeconds(1));
        var second = await SendAsync(portal, helper, anna);
        using var person = portal.NewPerson();

        Assert.Contains("does not work any more", (await person.GetAsync(first)).Text, StringComparison.Ordinal);
        Assert.Contains("anna@corp.test", (await person.GetAsync(second)).Text, StringComparison.Ordinal);
        portal.Clock.Advance(ResetLinkStore.Lifetime);
        Assert.Contains("does not work any more", (await person.GetAsync(second)).Text, StringComparison.Ordinal);
        Assert.Contains("does not work any more", (await person.GetAsync($"{ResetLinkStore.Path}/x")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_cannot_be_reached_is_sent_nothing_and_who_cannot_reset_is_told_so_behind_the_link()
    {
        await using var portal = await ResetPortal.StartAsync();
        var helper = await HelperAsync(portal);
        var nobody = await portal.AddUserAsync("nobody", null);
        Assert.Equal(new HelpdeskOutcome.Refused(HelpdeskRefusal.NothingHeld), await StartAsync(portal, helper, nobody));

        var link = await SendAsync(portal, helper, await portal.AddUserAsync("anna", Mail, licensed: false));
        using var person = portal.NewPerson();
        await person.GetAsync(link);
        Assert.Equal(Refused, (await person.PostAsync(link, Form)).Location);
        Assert.Contains("SSPR_0012", (await person.GetAsync(Refused)).Text, StringComparison.Ordinal);
    }

    private static Task<List<AuditEntry>> EventsAsync(ResetPortal portal) =>
        portal.WithDbAsync(db => db.Set<AuditEntry>().Where(a => a.Event == AuditEventId.ResetLinkUsed).ToListAsync());

    /// <summary>For a verified caller.</summary>
    private static async Task<string> SendAsync(ResetPortal portal, SignedIn me, User whom, string to = Mail)
    {
        var now = portal.Clock.GetUtcNow();
        await portal.WithDbAsync(async db =>
        {
            await db.Set<CallerProof>().ExecuteDeleteAsync();
            db.Add(
                new CallerProof
                {
                    UserId = whom.Id,
                    HelperId = me.User.Id,
                    Tenant = me.Tenant.Id,
                    ProvedAt = now,
                }
            );
            return await db.SaveChangesAsync();
        });
        Assert.IsType<HelpdeskOutcome.Done>(await StartAsync(portal, me, whom));
        return (await portal.MailsToAsync(to)).SelectMany(mail => Link().Matches(mail.Text)).Last().Value;
    }

    private static Task<HelpdeskOutcome> StartAsync(ResetPortal portal, SignedIn me, User whom) =>
        portal
            .Services.GetRequiredService<HelpdeskActions>()
            .ActAsync(me, whom.Id, HelpdeskAction.StartReset, "a forgotten password", default);

    private static async Task<SignedIn> HelperAsync(ResetPortal portal)
    {
        var helper = await portal.AddUserAsync("ben", "ben@a.example");
        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.Id == helper.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, Role.Helpdesk))
        );
        helper.Role = Role.Helpdesk;
        return new(0, portal.Tenant, helper, Role.Helpdesk, portal.Clock.GetUtcNow());
    }

    [GeneratedRegex(@"/reset/link/\S+")]
    private static partial Regex Link();
}
