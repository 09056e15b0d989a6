using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.Authenticators;
using PortalApp.Authenticators.Apps;
using PortalApp.Data;
using PortalApp.Gates.Codes;
using PortalApp.Helpdesk.Actions;
using PortalApp.Helpdesk.Callers;
using PortalApp.Policy;
using PortalApp.SignIn.Sessions;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.PasswordReset;
using PortalApp.Users;

namespace PortalApp.Tests.Helpdesk;

/// <summary>Whether a caller is whom they say: by a code that goes to the person and is read out.</summary>
public class CallerCheckTests
{
    private const string Mail = "anna@gmail.example";

    [Fact]
    [Trait("Case", "H107")]
    public async Task The_callers_proof_is_not_skipped_where_a_code_can_reach_the_person_and_counts_for_one_helper_and_one_call()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", Mail);
        var (me, other) = (await HelperAsync(portal, "me"), await HelperAsync(portal, "other"));
        var callers = portal.Services.GetRequiredService<CallerChecks>();
        Assert.Equal(new HelpdeskOutcome.Refused(HelpdeskRefusal.NotVerified), await RequireAsync(portal, me, anna));

        Assert.IsType<CallerAnswer.Done>(await callers.SendAsync(me, anna.Id, default));
        var code = await portal.CodeToAsync(Mail);
        Assert.Equal(new CallerAnswer.NotNow(new CodeRefusal.NoCode()), await callers.AnswerAsync(other, anna.Id, code, default));
        Assert.IsType<CallerAnswer.Done>(await callers.AnswerAsync(me, anna.Id, code, default));
        Assert.Equal(new CallerAnswer.NotNow(new CodeRefusal.NoCode()), await callers.AnswerAsync(me, anna.Id, code, default));

        var told = await portal.WithDbAsync(db =>
            db.Set<AuditEntry>().SingleAsync(a => a.Event == AuditEventId.HelpdeskActed && a.Outcome == "VerifyCaller")
        );
        Assert.NotNull(told.Trace);

        Assert.Equal(new HelpdeskOutcome.Refused(HelpdeskRefusal.NotVerified), await RequireAsync(portal, other, anna));
        Assert.IsType<HelpdeskOutcome.Done>(await RequireAsync(portal, me, anna));
        portal.Clock.Advance(CallerChecks.Holds);
        Assert.Equal(new HelpdeskOutcome.Refused(HelpdeskRefusal.NotVerified), await RequireAsync(portal, me, anna));
    }

    [Fact]
    public async Task Three_wrong_tries_end_a_code_and_who_presses_again_at_once_sends_no_second_one()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", Mail);
        var me = await HelperAsync(portal, "me");
        var callers = portal.Services.GetRequiredService<CallerChecks>();

        var pressed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => callers.SendAsync(me, anna.Id, default)));
        Assert.Single(pressed, answer => answer is CallerAnswer.Done);
        Assert.Single(await portal.MailsToAsync(Mail));
        var code = await portal.CodeToAsync(Mail);
        foreach (var wrong in new[] { 1, 2, 3 }.Select(n => ((int.Parse(code, null) + n) % 100_000_000).ToString("00000000", null)))
        {
            Assert.IsType<CallerAnswer.NotNow>(await callers.AnswerAsync(me, anna.Id, wrong, default));
        }

        Assert.Equal(new CallerAnswer.NotNow(new CodeRefusal.TriesUsed()), await callers.AnswerAsync(me, anna.Id, code, default));
    }

    [Fact]
    [Trait("Case", "H107")]
    public async Task Where_no_mail_is_held_a_text_or_the_callers_app_proves_them_three_tries_and_each_code_once()
    {
        await using var portal = await ResetPortal.StartAsync();
        var (anna, ben) = (await portal.AddUserAsync("anna", null, mobile: "+31 612345678"), await portal.AddUserAsync("ben", null));
        var (me, other) = (await HelperAsync(portal, "me"), await HelperAsync(portal, "other"));
        var callers = portal.Services.GetRequiredService<CallerChecks>();
        await callers.SendAsync(me, anna.Id, default);
        Assert.IsType<CallerAnswer.Done>(await callers.AnswerAsync(me, anna.Id, await portal.CodeToAsync("+31 612345678"), default));
        Assert.IsType<HelpdeskOutcome.Done>(await RequireAsync(portal, me, anna));

        var secret = Totp.NewSecret();
        string Shown(int steps) => new OtpNet.Totp(secret).ComputeTotp(portal.Clock.GetUtcNow().UtcDateTime.AddSeconds(30 * steps));
        await portal
            .Services.GetRequiredService<IDbContextFactory<PortalDb>>()
            .ChangeAsync<User>(
                async db =>
                {
                    var apps = portal.Services.GetRequiredService<AuthenticatorApps>();
                    var owner = await db.Set<User>().SingleAsync(u => u.Id == ben.Id);
                    await apps.SetUpAsync(db, owner, AuthenticatorUse.Reset, secret, Shown(-1), me.Actor, default);
                    return new ChangeOutcome<User>.Done(owner);
                },
                default
            );
        Assert.Equal(new HelpdeskOutcome.Refused(HelpdeskRefusal.NotVerified), await RequireAsync(portal, me, ben));
        var code = Shown(0);
        foreach (var wrong in new[] { 1, 2, 3 }.Select(n => ((int.Parse(code, null) + n) % 1_000_000).ToString("000000", null)))
        {
            Assert.IsType<CallerAnswer.AppWrong>(await callers.AnswerByAppAsync(other, ben.Id, wrong, default));
        }

        Assert.IsType<CallerAnswer.Limited>(await callers.AnswerByAppAsync(other, ben.Id, code, default));
        Assert.IsType<CallerAnswer.Done>(await callers.AnswerByAppAsync(me, ben.Id, code, default));
        Assert.IsType<CallerAnswer.AppWrong>(await callers.AnswerByAppAsync(me, ben.Id, code, default));
        Assert.IsType<HelpdeskOutcome.Done>(await RequireAsync(portal, me, ben));
        Assert.Equal(new HelpdeskOutcome.Refused(HelpdeskRefusal.NotVerified), await RequireAsync(portal, other, ben));
    }

    [Fact]
    [Trait("Case", "H107")]
    public async Task Where_the_policy_asks_for_the_caller_first_nothing_is_done_for_who_is_not_verified_or_cannot_be()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.PublishAsync(terms => terms with { Help = [HelpRule.CallerFirst] });
        var (anna, nobody) = (await portal.AddUserAsync("anna", Mail), await portal.AddUserAsync("nobody", null));
        var me = await HelperAsync(portal, "me");
        var actions = portal.Services.GetRequiredService<HelpdeskActions>();

        foreach (var action in new[] { HelpdeskAction.LiftLimit, HelpdeskAction.EndSessions, HelpdeskAction.RequireRegistration })
        {
            foreach (var whom in new[] { anna, nobody })
            {
                Assert.Equal(
                    new HelpdeskOutcome.Refused(HelpdeskRefusal.NotVerified),
                    await actions.ActAsync(me, whom.Id, action, "asked", default)
                );
            }
        }
    }

    [Fact]
    [Trait("Case", "H101")]
    public async Task No_code_is_sent_for_oneself_or_for_anybody_with_a_role()
    {
        await using var portal = await ResetPortal.StartAsync();
        var (me, other) = (await HelperAsync(portal, "me"), await HelperAsync(portal, "other"));
        var callers = portal.Services.GetRequiredService<CallerChecks>();

        Assert.Equal(new CallerAnswer.Refused(HelpdeskRefusal.Oneself), await callers.SendAsync(me, me.User.Id, default));
        Assert.Equal(new CallerAnswer.Refused(HelpdeskRefusal.HasRole), await callers.SendAsync(me, other.User.Id, default));
    }

    private static Task<HelpdeskOutcome> RequireAsync(ResetPortal portal, SignedIn me, User whom) =>
        portal
            .Services.GetRequiredService<HelpdeskActions>()
            .ActAsync(me, whom.Id, HelpdeskAction.RequireRegistration, "a lost phone", default);

    private static async Task<SignedIn> HelperAsync(ResetPortal portal, string name)
    {
        var helper = await portal.AddUserAsync(name, $"{name}@a.example");
        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.Id == helper.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, Role.Helpdesk))
        );
        helper.Role = Role.Helpdesk;
        return new(0, portal.Tenant, helper, Role.Helpdesk, portal.Clock.GetUtcNow());
    }
}

[OnPostgreSql]
public sealed class CallerCheckTestsOnPostgreSql : CallerCheckTests;
