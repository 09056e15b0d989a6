using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Helpdesk.Actions;
using PortalApp.Helpdesk.TemporaryPasswords;
using PortalApp.SignIn;
using PortalApp.SignIn.Sessions;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Helpdesk;

/// <summary>An administrator's reset, as the portal asks for it and as it ends.</summary>
public class TemporaryPasswordTests
{
    private const string Mail = "anna@gmail.example";
    private const string Reason = "a lost phone, seen at the desk";
    private static readonly WritebackResult.Settable Found = new(ResetPortal.Rules);

    [Fact]
    [Trait("Case", "H113")]
    public async Task It_is_shown_once_to_who_asked_told_to_the_person_and_kept_nowhere()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", Mail, directoryMail: "anna@corp.test");
        var me = await SeatAsync(portal, "me", Role.Administrator);
        var looking = Step(portal).LookAsync(me, anna.Id, default);
        await AnswerAsync(portal, RequestKind.Check, Found);
        var may = Assert.IsType<TemporaryAnswer.May>(await looking);
        Assert.Empty(await EventsAsync(portal));

        var setting = Step(portal).SetAsync(me, anna.Id, Reason, may.Found);
        await AnswerAsync(portal, RequestKind.AdministratorReset, new WritebackResult.Applied(false));
        var set = Assert.IsType<TemporaryAnswer.Set>(await setting);

        await Eventually.TrueAsync(async () => (await EventsAsync(portal)).Count == 2, TimeSpan.FromSeconds(20), "the end");
        var (asked, done) = ((await EventsAsync(portal))[0], (await EventsAsync(portal))[1]);
        Assert.Equal(("SetTemporaryPassword", Reason, anna.Id, asked.Request), (asked.Outcome, asked.Detail, asked.Subject, done.Request));
        Assert.Equal((AuditEventId.ResetDone, me.Actor, anna.Id), (done.Event, done.By, done.Subject));
        foreach (var address in new[] { Mail, "anna@corp.test" })
        {
            var told = Assert.Single(await portal.MailsToAsync(address));
            Assert.Contains("temporary password", told.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(set.Password.Show(), told.Text, StringComparison.Ordinal);
        }

        Assert.Equal("(password)", $"{set.Password}");
        Assert.DoesNotContain(set.Password.Show(), portal.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eight_who_press_at_once_set_one_and_whoever_presses_soon_after_takes_none_away()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", Mail);
        var me = await SeatAsync(portal, "me", Role.Administrator);

        var pressed = Enumerable.Range(0, 8).Select(_ => Step(portal).SetAsync(me, anna.Id, Reason, Found)).ToList();
        await AnswerAsync(portal, RequestKind.AdministratorReset, new WritebackResult.Applied(false));
        var answers = await Task.WhenAll(pressed);

        Assert.Single(answers, answer => answer is TemporaryAnswer.Set);
        Assert.Equal(7, answers.Count(answer => answer is TemporaryAnswer.Busy or TemporaryAnswer.JustSet));
        Assert.IsType<TemporaryAnswer.JustSet>(await Step(portal).SetAsync(me, anna.Id, Reason, Found));
        Assert.Equal(1, await SetsAsync(portal));
        Assert.Single(await EventsAsync(portal), told => told.Event == AuditEventId.HelpdeskActed);

        portal.Clock.Advance(TemporaryPasswordStep.Pause + TimeSpan.FromSeconds(1));
        var again = Step(portal).SetAsync(me, anna.Id, Reason, Found);
        await AnswerAsync(portal, RequestKind.AdministratorReset, new WritebackResult.Rejected(WritebackReason.PolicyRefused, null));
        Assert.Equal(new TemporaryAnswer.NotSet(WritebackReason.PolicyRefused), await again);
    }

    [Fact]
    [Trait("Case", "H101")]
    public async Task Nobody_sets_one_for_oneself_for_who_has_a_role_or_without_being_an_administrator()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", Mail);
        var (me, peer, helper) = (
            await SeatAsync(portal, "me", Role.Administrator),
            await SeatAsync(portal, "peer", Role.Administrator),
            await SeatAsync(portal, "helper", Role.Helpdesk)
        );

        Assert.Equal(HelpdeskRefusal.Oneself, await RefusedAsync(portal, me, me.User));
        Assert.Equal(HelpdeskRefusal.HasRole, await RefusedAsync(portal, me, peer.User));
        Assert.Equal(HelpdeskRefusal.HasRole, await RefusedAsync(portal, me, helper.User));
        Assert.Equal(HelpdeskRefusal.OnlyAdministrator, await RefusedAsync(portal, helper, anna));
        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.Id == me.User.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, Role.Helpdesk))
        );
        Assert.Equal(HelpdeskRefusal.OnlyAdministrator, await RefusedAsync(portal, me, anna));
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<Request>().CountAsync()));
        Assert.Empty(await EventsAsync(portal));
    }

    [Fact]
    [Trait("Case", "H107")]
    public async Task One_of_the_portals_own_ends_the_old_one_and_opens_nothing_but_the_page_on_which_another_is_chosen()
    {
        await using var portal = await ResetPortal.StartAsync();
        var me = await SeatAsync(portal, "me", Role.Administrator);
        using var kim = await DeskPerson.SetUpAsync(portal, "kim", Role.User);
        var id = await portal.WithDbAsync(db => db.Set<User>().Where(u => u.UserPrincipalName == kim.Name).Select(u => u.Id).SingleAsync());

        var may = Assert.IsType<TemporaryAnswer.May>(await Step(portal).LookAsync(me, id, default));
        var set = Assert.IsType<TemporaryAnswer.Set>(await Step(portal).SetAsync(me, id, Reason, may.Found));

        Assert.False(await kim.IsInAsync());
        var temporary = set.Password.Show();
        Assert.Equal(SignInPaths.DuePassword, (await kim.TypePasswordAsync(temporary)).Location);
        Assert.False(await kim.IsInAsync());
        await kim.Browser.GetAsync(SignInPaths.DuePassword);
        const string Own = "correct horse battery 9";
        var posted = await kim.Browser.PostAsync(
            SignInPaths.DuePassword,
            "change-password",
            ("current", temporary),
            ("password", Own),
            ("confirm", Own)
        );
        Assert.Contains("has been changed", (await kim.Browser.GetAsync(posted.Location!)).Text, StringComparison.Ordinal);
        Assert.Equal(SignInPaths.Account, (await kim.TypePasswordAsync(Own)).Location);
        using var thief = portal.NewPerson();
        kim.TakeBrowser(thief);
        Assert.Null((await kim.TypePasswordAsync(temporary)).Location);
        Assert.Null((await kim.TypePasswordAgainAsync(DeskPerson.Password)).Location);
    }

    [Fact]
    [Trait("Case", "H104")]
    public async Task Nobody_of_another_tenant_or_whom_no_directory_has_gets_one()
    {
        await using var portal = await ResetPortal.StartAsync();
        var me = await SeatAsync(portal, "me", Role.Administrator);
        var other = await portal.AddTenantAsync("Bakkerij", "bakkerij.test", PasswordManagement.Federated);
        var (theirs, cloud) = (await portal.AddUserAsync("brood", Mail), await portal.AddUserAsync("cloud", Mail));
        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.Id == theirs.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Tenant, other.Id))
        );
        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.Id == cloud.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Connector, (string?)null))
        );

        Assert.Equal(HelpdeskRefusal.NotThere, await RefusedAsync(portal, me, theirs));
        Assert.Equal(HelpdeskRefusal.NoAccount, await RefusedAsync(portal, me, cloud));
    }

    /// <summary>Both steps say the same.</summary>
    private static async Task<HelpdeskRefusal> RefusedAsync(ResetPortal portal, SignedIn me, User whom)
    {
        var why = Assert.IsType<TemporaryAnswer.Refused>(await Step(portal).SetAsync(me, whom.Id, Reason, Found)).Why;
        Assert.Equal(new TemporaryAnswer.Refused(why), await Step(portal).LookAsync(me, whom.Id, default));
        return why;
    }

    private static TemporaryPasswordStep Step(ResetPortal portal) => portal.Services.GetRequiredService<TemporaryPasswordStep>();

    private static async Task AnswerAsync(ResetPortal portal, RequestKind kind, WritebackResult result)
    {
        await Eventually.TrueAsync(
            () => portal.WithDbAsync(db => db.Set<Request>().AnyAsync(r => r.Kind == kind && r.EndedAt == null)),
            TimeSpan.FromSeconds(20),
            "the request"
        );
        Assert.True(await portal.AnswerAsync(kind, result));
    }

    private static Task<int> SetsAsync(ResetPortal portal) =>
        portal.WithDbAsync(db => db.Set<Request>().CountAsync(r => r.Kind == RequestKind.AdministratorReset));

    private static Task<List<AuditEntry>> EventsAsync(ResetPortal portal) =>
        portal.WithDbAsync(db =>
            db.Set<AuditEntry>()
                .Where(a =>
                    a.Event == AuditEventId.HelpdeskActed || (a.Event >= AuditEventId.ResetBegun && a.Event <= AuditEventId.ResetFailed)
                )
                .OrderBy(a => a.Id)
                .ToListAsync()
        );

    private static async Task<SignedIn> SeatAsync(ResetPortal portal, string name, Role role)
    {
        var seated = await portal.AddUserAsync(name, $"{name}@a.example");
        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.Id == seated.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, role))
        );
        seated.Role = role;
        return new(0, portal.Tenant, seated, role, portal.Clock.GetUtcNow());
    }
}

[OnPostgreSql]
public sealed class TemporaryPasswordTestsOnPostgreSql : TemporaryPasswordTests;
