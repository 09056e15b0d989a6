using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contacts;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Administration.People;
using PortalApp.Audit;
using PortalApp.Helpdesk.Actions;
using PortalApp.Helpdesk.Callers;
using PortalApp.Notifications;
using PortalApp.SignIn.Sessions;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;
using PortalApp.Users;

namespace PortalApp.Tests.Helpdesk;

/// <summary>What the helpdesk may do for whom, and that it is done once.</summary>
public class HelpdeskActionsTests
{
    private const string Reason = "called about a lost phone";

    /// <summary>But what a directory is asked for (<see cref="UnlockStepTests"/>).</summary>
    public static TheoryData<string> Actions => [.. Enum.GetNames<HelpdeskAction>().Except([nameof(HelpdeskAction.Unlock)])];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Eight_who_press_at_once_write_one_change_one_event_and_one_notice(string name)
    {
        var action = Enum.Parse<HelpdeskAction>(name);
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var anna = await AddAsync(portal, tenant, "anna", Role.User);
        var helpers = new List<SignedIn>();
        for (var i = 0; i < 8; i++)
        {
            helpers.Add(await SignedInAsync(portal, await AddAsync(portal, tenant, $"helper{i}", Role.Helpdesk)));
            await ProveAsync(portal, helpers[i], anna);
        }

        var outcomes = await Task.WhenAll(helpers.Select(me => ActAsync(portal, me, anna, action)));

        Assert.Single(outcomes, outcome => outcome is HelpdeskOutcome.Done);
        Assert.Equal(7, outcomes.Count(outcome => outcome is HelpdeskOutcome.NothingToDo));
        var told = Assert.Single(await portal.AuditAsync(AuditEventId.HelpdeskActed));
        Assert.Equal((anna, name, Reason, ActorKind.User), (told.Subject, told.Outcome, told.Detail, told.By.Kind));
        Assert.Equal(2, await portal.WithDbAsync(db => db.Set<OutgoingMessage>().CountAsync(Ct)));
    }

    [Theory]
    [MemberData(nameof(Actions))]
    [Trait("Case", "H101")]
    public async Task Nothing_is_done_for_oneself_a_peer_or_anybody_with_a_role(string name)
    {
        var action = Enum.Parse<HelpdeskAction>(name);
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var me = await SignedInAsync(portal, await AddAsync(portal, tenant, "me", Role.Helpdesk));
        var admin = await SignedInAsync(portal, await AddAsync(portal, tenant, "admin", Role.Administrator));
        var peer = await AddAsync(portal, tenant, "peer", Role.Helpdesk);

        Assert.Equal(Refused(HelpdeskRefusal.Oneself), await ActAsync(portal, me, me.User.Id, action));
        Assert.Equal(Refused(HelpdeskRefusal.HasRole), await ActAsync(portal, me, peer, action));
        Assert.Equal(Refused(HelpdeskRefusal.HasRole), await ActAsync(portal, me, admin.User.Id, action));
        Assert.Equal(Refused(HelpdeskRefusal.HasRole), await ActAsync(portal, admin, peer, action));

        Assert.Empty(await portal.AuditAsync(AuditEventId.HelpdeskActed));
        Assert.Equal(3, await portal.WithDbAsync(db => db.Set<Session>().CountAsync(Ct)));
    }

    [Fact]
    [Trait("Case", "H95")]
    public async Task Whoever_has_lost_the_role_since_signing_in_does_nothing_any_more()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var me = await SignedInAsync(portal, await AddAsync(portal, tenant, "me", Role.Helpdesk));
        var anna = await AddAsync(portal, tenant, "anna", Role.User);
        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.Id == me.User.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, Role.ReportsReader), Ct)
        );

        Assert.Equal(Refused(HelpdeskRefusal.RoleGone), await ActAsync(portal, me, anna, HelpdeskAction.EndSessions));
        Assert.Equal(1, await portal.WithDbAsync(db => db.Set<Session>().CountAsync(s => s.UserId == anna, Ct)));
    }

    [Fact]
    [Trait("Case", "H104")]
    public async Task Nobody_of_another_tenant_is_helped_and_nothing_is_done_without_a_reason()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var me = await SignedInAsync(portal, await AddAsync(portal, tenant, "me", Role.Helpdesk));
        var anna = await AddAsync(portal, tenant, "anna", Role.User);
        var theirs = await AddAsync(portal, await portal.AddTenantAsync("bakkerij.test"), "brood", Role.User);

        Assert.Equal(Refused(HelpdeskRefusal.NotThere), await ActAsync(portal, me, theirs, HelpdeskAction.EndSessions));
        Assert.Equal(Refused(HelpdeskRefusal.NoReason), await ActAsync(portal, me, anna, HelpdeskAction.EndSessions, " "));
        Assert.Equal(3, await portal.WithDbAsync(db => db.Set<Session>().CountAsync(Ct)));
    }

    [Fact]
    public async Task What_is_required_again_holds_until_the_person_has_registered_since()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var me = await SignedInAsync(portal, await AddAsync(portal, tenant, "me", Role.Helpdesk));
        var anna = await AddAsync(portal, tenant, "anna", Role.User);

        await ProveAsync(portal, me, anna);
        await ActAsync(portal, me, anna, HelpdeskAction.RequireRegistration);
        Assert.True((await UserAsync(portal, anna)).MustRegisterAgain);

        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        var now = portal.Clock.GetUtcNow();
        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.Id == anna).ExecuteUpdateAsync(set => set.SetProperty(u => u.RegisteredAt, now), Ct)
        );
        Assert.False((await UserAsync(portal, anna)).MustRegisterAgain);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<HelpdeskOutcome.Done>(await ActAsync(portal, me, anna, HelpdeskAction.RequireRegistration));
    }

    [Fact]
    [Trait("Case", "H14")]
    public async Task Whose_codes_strangers_used_up_is_shown_as_limited_and_let_go_of_once()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var anna = await AddAsync(portal, tenant, "anna", Role.User);
        var me = await SignedInAsync(portal, await AddAsync(portal, tenant, "me", Role.Helpdesk));
        await ProveAsync(portal, me, anna);
        await ActAsync(portal, me, anna, HelpdeskAction.LiftLimit);
        var texts = Limits.Standard.Texts.ToPerson.OfStrangers;
        for (var n = 0; n < texts.Most; n++)
        {
            Assert.False(await IsLimitedAsync(portal, anna));
            await portal.Services.GetRequiredService<ThrottleStore>().TakeAsync(texts, $"{tenant}/{anna}/1", Ct);
        }

        Assert.True(await IsLimitedAsync(portal, anna));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ActAsync(portal, me, anna, HelpdeskAction.LiftLimit)));
        Assert.Single(outcomes, outcome => outcome is HelpdeskOutcome.Done);
        Assert.False(await IsLimitedAsync(portal, anna));
    }

    private static async Task<bool> IsLimitedAsync(PortalHost portal, string id)
    {
        var user = await portal.WithDbAsync(db => db.Set<User>().AsNoTracking().Include(u => u.Contacts).SingleAsync(u => u.Id == id, Ct));
        return (await portal.Services.GetRequiredService<UserStanding>().OfAsync(user, Ct)).IsLimited;
    }

    private static Task<int> ProveAsync(PortalHost portal, SignedIn me, string whom) =>
        portal.WithDbAsync(db =>
        {
            db.Add(
                new CallerProof
                {
                    UserId = whom,
                    HelperId = me.User.Id,
                    Tenant = me.Tenant.Id,
                    ProvedAt = portal.Clock.GetUtcNow(),
                }
            );
            return db.SaveChangesAsync(Ct);
        });

    private static HelpdeskOutcome.Refused Refused(HelpdeskRefusal why) => new(why);

    private static Task<HelpdeskOutcome> ActAsync(
        PortalHost portal,
        SignedIn me,
        string whom,
        HelpdeskAction action,
        string reason = Reason
    ) => portal.Services.GetRequiredService<HelpdeskActions>().ActAsync(me, whom, action, reason, Ct);

    private static Task<User> UserAsync(PortalHost portal, string id) =>
        portal.WithDbAsync(db => db.Set<User>().AsNoTracking().SingleAsync(u => u.Id == id, Ct));

    private static async Task<SignedIn> SignedInAsync(PortalHost portal, string id)
    {
        var user = await UserAsync(portal, id);
        var tenant = await portal.WithDbAsync(db => db.Set<Tenant>().AsNoTracking().SingleAsync(t => t.Id == user.Tenant, Ct));
        return new(0, tenant, user, user.Role, portal.Clock.GetUtcNow());
    }

    /// <summary>Somebody with two addresses, wrong answers that are counted, and a session.</summary>
    private static Task<string> AddAsync(PortalHost portal, TenantId tenant, string name, Role role) =>
        portal.WithDbAsync(async db =>
        {
            var (user, now) = (
                new User
                {
                    Id = CloudAnchor.New().Value,
                    Tenant = tenant,
                    UserPrincipalName = $"{name}@corp.test",
                    Role = role,
                    DisputedAt = portal.Clock.GetUtcNow(),
                },
                portal.Clock.GetUtcNow()
            );
            string[] addresses = [$"{name}@a.example", $"{name}@b.example"];
            ContactStore.Write(user, ContactField.AlternateEmailAddresses, addresses, ContactSource.Administrator, TenantSetup.By, now);
            db.Add(user);
            db.Add(
                new FailureCount
                {
                    Tenant = tenant,
                    Subject = user.Id,
                    Total = 5,
                    OfStrangers = 5,
                    LastAt = now,
                }
            );
            db.Add(
                new Session
                {
                    Tenant = tenant,
                    UserId = user.Id,
                    KeyHash = System.Security.Cryptography.RandomNumberGenerator.GetBytes(32),
                    ProvedAt = now,
                    CreatedAt = now,
                    SeenAt = now,
                    Until = now.AddHours(8),
                    Network = "127.0.0.0/24",
                }
            );
            await db.SaveChangesAsync(Ct);
            return user.Id;
        });
}

[OnPostgreSql]
public sealed class HelpdeskActionsTestsOnPostgreSql : HelpdeskActionsTests;
