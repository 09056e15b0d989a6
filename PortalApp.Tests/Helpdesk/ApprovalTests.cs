using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Helpdesk.Actions;
using PortalApp.Helpdesk.Approvals;
using PortalApp.Helpdesk.TemporaryPasswords;
using PortalApp.Policy;
using PortalApp.SignIn.Sessions;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.PasswordReset;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Helpdesk;

/// <summary>A temporary password that takes two: who may ask, who may answer, and that it is set once.</summary>
public class ApprovalTests
{
    private const string Reason = "lost everything, stands at the desk";
    private static readonly WritebackResult.Settable Found = new(ResetPortal.Rules);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Case", "H107")]
    public async Task The_helpdesk_sets_one_where_nothing_reaches_the_person_once_a_second_person_approves_and_once_alone()
    {
        await using var portal = await StartAsync(HelpRule.TemporaryPassword);
        var nobody = await portal.AddUserAsync("nobody", null, directoryMail: "nobody@corp.test");
        var helpers = new[] { await SeatAsync(portal, "helper", Role.Helpdesk), await SeatAsync(portal, "other", Role.Helpdesk) };
        var admins = new[] { await SeatAsync(portal, "one", Role.Administrator), await SeatAsync(portal, "two", Role.Administrator) };

        var asked = await Task.WhenAll(helpers.Concat(helpers).Select(me => AskAsync(portal, me, nobody)));
        var won = Array.FindIndex(asked, outcome => outcome is HelpdeskOutcome.Done);
        Assert.Equal(3, asked.Count(outcome => outcome is HelpdeskOutcome.NothingToDo));
        var (me, peer) = (helpers[won % 2], helpers[(won + 1) % 2]);
        Assert.Equal((nobody.Id, Reason), ((await OpenAsync(portal)).UserId, (await OpenAsync(portal)).Reason));
        Assert.Equal(HelpdeskRefusal.NotApproved, await SetRefusedAsync(portal, me, nobody));

        var answers = await Task.WhenAll(admins.Concat(admins).Select(admin => AnswerAsync(portal, admin, nobody)));
        Assert.Single(answers, outcome => outcome is HelpdeskOutcome.Done);
        Assert.Equal(3, answers.Count(outcome => outcome is HelpdeskOutcome.NothingToDo));
        Assert.Equal(HelpdeskRefusal.NotApproved, await SetRefusedAsync(portal, peer, nobody));

        var pressed = Enumerable.Range(0, 4).Select(_ => Step(portal).SetAsync(me, nobody.Id, Reason, Found)).ToList();
        await Eventually.TrueAsync(() => IsSentAsync(portal), TimeSpan.FromSeconds(20), "the request");
        Assert.True(await portal.AnswerAsync(RequestKind.AdministratorReset, new WritebackResult.Applied(false)));
        Assert.Single(await Task.WhenAll(pressed), answer => answer is TemporaryAnswer.Set);

        portal.Clock.Advance(TemporaryPasswordStep.Pause + TimeSpan.FromSeconds(1));
        Assert.Equal(HelpdeskRefusal.NotApproved, await SetRefusedAsync(portal, me, nobody));
        var story = await portal.WithDbAsync(db => db.Set<AuditEntry>().Where(a => a.Trace != null).OrderBy(a => a.Id).ToListAsync(Ct));
        Assert.Single(story.Select(told => told.Trace).Distinct());
        Assert.Equal(
            ["AskTemporaryPassword", "ApproveTemporaryPassword", "SetTemporaryPassword", "Applied"],
            story.Select(told => told.Outcome)
        );
        Assert.All(story, told => Assert.Equal(nobody.Id, told.Subject));
        Assert.Contains(
            await portal.MailsToAsync("nobody@corp.test"),
            mail => mail.Text.Contains("asked to set", StringComparison.Ordinal)
        );
    }

    [Fact]
    [Trait("Case", "H101")]
    [Trait("Case", "H107")]
    public async Task Nobody_asks_without_the_policy_or_for_whom_a_link_reaches_and_nobody_answers_for_oneself()
    {
        await using var portal = await StartAsync();
        var (nobody, anna) = (await portal.AddUserAsync("nobody", null), await portal.AddUserAsync("anna", "anna@gmail.example"));
        var me = await SeatAsync(portal, "helper", Role.Helpdesk);
        var (one, two) = (await SeatAsync(portal, "one", Role.Administrator), await SeatAsync(portal, "two", Role.Administrator));
        Assert.Equal(Refused(HelpdeskRefusal.OnlyAdministrator), await AskAsync(portal, me, nobody));
        Assert.Equal(Refused(HelpdeskRefusal.HasRole), await AskAsync(portal, one, two.User));

        await portal.PublishAsync(terms => terms with { Help = [HelpRule.TemporaryPassword, HelpRule.OfRoles] });
        Assert.Equal(Refused(HelpdeskRefusal.Reachable), await AskAsync(portal, me, anna));
        Assert.Equal(Refused(HelpdeskRefusal.HasRole), await AskAsync(portal, me, one.User));
        Assert.Equal(Refused(HelpdeskRefusal.Oneself), await AskAsync(portal, one, one.User));
        Assert.Equal(new HelpdeskOutcome.NothingToDo(), await AskAsync(portal, one, nobody));

        Assert.IsType<HelpdeskOutcome.Done>(await AskAsync(portal, one, two.User));
        Assert.Equal(Refused(HelpdeskRefusal.OwnQuestion), await AnswerAsync(portal, one, two.User));
        Assert.Equal(Refused(HelpdeskRefusal.Oneself), await AnswerAsync(portal, two, two.User));
        Assert.Equal(Refused(HelpdeskRefusal.RoleGone), await AnswerAsync(portal, me, two.User));
        Assert.Equal(HelpdeskRefusal.NotApproved, await SetRefusedAsync(portal, one, two.User));
    }

    [Fact]
    [Trait("Case", "H95")]
    public async Task What_was_refused_is_an_hour_old_or_approved_by_who_lost_the_role_since_sets_nothing()
    {
        await using var portal = await StartAsync(HelpRule.TemporaryPassword);
        var nobody = await portal.AddUserAsync("nobody", null);
        var (me, admin) = (await SeatAsync(portal, "helper", Role.Helpdesk), await SeatAsync(portal, "one", Role.Administrator));

        await AskAsync(portal, me, nobody);
        Assert.Equal(Refused(HelpdeskRefusal.NoReason), await AnswerAsync(portal, admin, nobody, reason: " "));
        Assert.IsType<HelpdeskOutcome.Done>(await AnswerAsync(portal, admin, nobody, approves: false));
        Assert.Equal(HelpdeskRefusal.NotApproved, await SetRefusedAsync(portal, me, nobody));

        await AskAsync(portal, me, nobody);
        portal.Clock.Advance(ApprovalStore.Holds + TimeSpan.FromSeconds(1));
        Assert.IsType<HelpdeskOutcome.NothingToDo>(await AnswerAsync(portal, admin, nobody));

        await AskAsync(portal, me, nobody);
        await AnswerAsync(portal, admin, nobody);
        await RoleAsync(portal, admin, Role.Helpdesk);
        Assert.Equal(HelpdeskRefusal.NotApproved, await SetRefusedAsync(portal, me, nobody));
        await RoleAsync(portal, admin, Role.Administrator);
        await RoleAsync(portal, me, Role.ReportsReader);
        Assert.Equal(HelpdeskRefusal.RoleGone, await SetRefusedAsync(portal, me, nobody));
        Assert.False(await IsSentAsync(portal));
    }

    private static HelpdeskOutcome.Refused Refused(HelpdeskRefusal why) => new(why);

    private static async Task<ResetPortal> StartAsync(params HelpRule[] rules)
    {
        var portal = await ResetPortal.StartAsync();
        await portal.PublishAsync(terms => terms with { Help = [.. rules] });
        return portal;
    }

    private static ApprovalStore Store(ResetPortal portal) => portal.Services.GetRequiredService<ApprovalStore>();

    private static TemporaryPasswordStep Step(ResetPortal portal) => portal.Services.GetRequiredService<TemporaryPasswordStep>();

    private static Task<HelpdeskOutcome> AskAsync(ResetPortal portal, SignedIn me, User whom) =>
        Store(portal).AskAsync(me, whom.Id, Reason, Ct);

    private static Task<HelpdeskOutcome> AnswerAsync(
        ResetPortal portal,
        SignedIn me,
        User whom,
        bool approves = true,
        string reason = "seen"
    ) => Store(portal).AnswerAsync(me, whom.Id, approves, reason, Ct);

    private static async Task<OpenApproval> OpenAsync(ResetPortal portal) =>
        Assert.Single(await Store(portal).ListAsync(portal.Tenant.Id, Ct));

    private static async Task<HelpdeskRefusal> SetRefusedAsync(ResetPortal portal, SignedIn me, User whom)
    {
        var why = Assert.IsType<TemporaryAnswer.Refused>(await Step(portal).SetAsync(me, whom.Id, Reason, Found)).Why;
        Assert.Equal(new TemporaryAnswer.Refused(why), await Step(portal).LookAsync(me, whom.Id, Ct));
        return why;
    }

    private static Task<bool> IsSentAsync(ResetPortal portal) =>
        portal.WithDbAsync(db => db.Set<Request>().AnyAsync(r => r.Kind == RequestKind.AdministratorReset, Ct));

    private static async Task<SignedIn> SeatAsync(ResetPortal portal, string name, Role role)
    {
        var seated = await portal.AddUserAsync(name, $"{name}@a.example");
        var me = new SignedIn(0, portal.Tenant, seated, role, portal.Clock.GetUtcNow());
        await RoleAsync(portal, me, role);
        seated.Role = role;
        return me;
    }

    private static Task<int> RoleAsync(ResetPortal portal, SignedIn whom, Role role) =>
        portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.Id == whom.User.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, role), Ct)
        );
}

[OnPostgreSql]
public sealed class ApprovalTestsOnPostgreSql : ApprovalTests;
