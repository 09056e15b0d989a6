using Microsoft.Extensions.DependencyInjection;
using Portal.Policy;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Helpdesk.Explanations;
using PortalApp.SignIn.Sessions;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users;

namespace PortalApp.Tests.Helpdesk;

/// <summary>What the helpdesk is told of an account on premises, and whose word counts.</summary>
public class AccountExplanationTests
{
    private static readonly WritebackResult.Explained Explained = new(
        [new("Cloud anchor", true, "there"), new("The directory's answer now", false, "Protected (34003)", "take it out of the group")],
        new("CN=Anna", "dc1.corp.test", true, true, null, null, null, null),
        null
    );

    [Fact]
    [Trait("Case", "H74")]
    public async Task Two_who_ask_about_one_person_get_the_answer_to_one_question_and_no_other_kind_of_answer_is_taken()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        await agent.ListenAsync(_ => Task.CompletedTask);
        await portal.ReceiverAsync(tenant);
        var anna = await portal.AddUserAsync(tenant, AgentStates.Connector, "anna@corp.test");
        var asking = portal.Services.GetRequiredService<AccountExplanations>();
        var me = new SignedIn(
            0,
            (await portal.Services.GetRequiredService<TenantStore>().FindAsync(tenant, default))!,
            anna,
            Role.Helpdesk,
            default
        );

        var (first, second) = (asking.AskAsync(me, anna, default), asking.AskAsync(me, anna, default));
        await Eventually.TrueAsync(async () => (await portal.RowsAsync()).Count == 1, TimeSpan.FromSeconds(10), "the question");
        var row = Assert.Single(await portal.RowsAsync());
        Assert.Equal((RequestKind.Explain, false), (row.Kind, row.Open));
        Assert.False(await agent.ReportAsync(row.Id, null, new WritebackResult.Applied(true)));
        Assert.False(
            await agent.ReportAsync(
                row.Id,
                null,
                new WritebackResult.Settable(new PasswordRules(PolicySource.Domain, null, 7, false, 0, false, null, []))
            )
        );
        Assert.True(await agent.ReportAsync(row.Id, null, Explained));

        Assert.Equal(Explained, Assert.IsType<AccountExplanation.Told>(await first).Account);
        Assert.IsType<AccountExplanation.Told>(await second);
        Assert.Equal(2, (await portal.AuditAsync(AuditEventId.OutcomeRefused)).Count);
    }

    [Fact]
    public async Task Where_no_agent_is_there_it_is_said_at_once_and_a_write_meanwhile_is_not_in_its_way()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var anna = await portal.AddUserAsync(tenant, AgentStates.Connector, "anna@corp.test");
        await portal.SendAsync(tenant, new CloudAnchor(anna.Id));
        var me = new SignedIn(
            0,
            (await portal.Services.GetRequiredService<TenantStore>().FindAsync(tenant, default))!,
            anna,
            Role.Helpdesk,
            default
        );

        var told = await portal.Services.GetRequiredService<AccountExplanations>().AskAsync(me, anna, default);

        Assert.Equal(new AccountExplanation.NotAnswered(WritebackReason.NoAgent), told);
    }
}

[OnPostgreSql]
public sealed class AccountExplanationTestsOnPostgreSql : AccountExplanationTests;
