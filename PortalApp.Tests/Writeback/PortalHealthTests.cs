using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Writeback;

namespace PortalApp.Tests.Writeback;

[Trait("Case", "H6")]
public class PortalHealthTests
{
    [Fact]
    public async Task A_tenant_without_an_agent_has_no_writeback()
    {
        await using var portal = await PortalHost.StartAsync();

        Assert.Equal(new HealthAnswer.NotDeployed(), await portal.AskAsync(await portal.AddTenantAsync("corp.test")));
    }

    [Fact]
    public async Task An_agent_that_is_not_connected_is_seen_at_once_and_nothing_is_asked()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        await portal.EnrolAsync(tenant);

        Assert.Equal(new HealthAnswer.Down(WritebackReason.NoAgent), await portal.AskAsync(tenant));
        Assert.Empty(await portal.RowsAsync());
    }

    [Fact]
    public async Task Fifty_who_wait_ask_the_agent_once_and_again_only_after_five_seconds()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var asked = 0;
        await AnsweringAsync(
            portal,
            await portal.EnrolAsync(tenant),
            () =>
            {
                asked++;
                return new WritebackResult.Healthy();
            }
        );

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => portal.AskAsync(tenant)));
        Assert.All(answers, a => Assert.IsType<HealthAnswer.Up>(a));
        portal.Clock.Advance(TimeSpan.FromSeconds(4.9));
        await portal.AskAsync(tenant);
        Assert.Equal(1, asked);

        portal.Clock.Advance(TimeSpan.FromSeconds(0.2));
        await portal.AskAsync(tenant);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_directory_that_does_not_answer_and_its_return_are_audited_once_each()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        WritebackResult says = new WritebackResult.NotAttempted(WritebackReason.DirectoryUnreachable, null);
        await AnsweringAsync(portal, await portal.EnrolAsync(tenant), () => says);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(new HealthAnswer.Down(WritebackReason.DirectoryUnreachable), await portal.AskAsync(tenant));
            portal.Clock.Advance(TimeSpan.FromSeconds(6));
        }

        says = new WritebackResult.Healthy();
        Assert.IsType<HealthAnswer.Up>(await portal.AskAsync(tenant));
        portal.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.IsType<HealthAnswer.Up>(await portal.AskAsync(tenant));

        Assert.Single(await portal.AuditAsync(AuditEventId.WritebackDown));
        Assert.Single(await portal.AuditAsync(AuditEventId.WritebackUp));
    }

    [Fact]
    public async Task A_frozen_agent_is_given_up_after_three_seconds()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var (reached, thawed) = (new TaskCompletionSource(), new TaskCompletionSource());
        var agent = await portal.EnrolAsync(tenant);
        await agent.ListenAsync(async request =>
        {
            reached.TrySetResult();
            await thawed.Task;
            await agent.ReportAsync(request.Id.Value, null, new WritebackResult.Healthy());
        });
        await portal.ReceiverAsync(tenant);

        var asked = portal.AskAsync(tenant);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.False(asked.IsCompleted);
        await portal.PassAsync(TimeSpan.FromSeconds(3), () => Task.FromResult(asked.IsCompleted));
        thawed.SetResult();

        Assert.Equal(new HealthAnswer.Down(WritebackReason.NoAgent), await asked);
    }

    [Fact]
    public async Task One_tenants_agent_says_nothing_about_another_tenant()
    {
        await using var portal = await PortalHost.StartAsync();
        var (one, two) = (await portal.AddTenantAsync("corp.test"), await portal.AddTenantAsync("other.test"));
        await AnsweringAsync(portal, await portal.EnrolAsync(one), () => new WritebackResult.Healthy());
        await portal.EnrolAsync(two);

        Assert.IsType<HealthAnswer.Up>(await portal.AskAsync(one));
        Assert.IsType<HealthAnswer.Down>(await portal.AskAsync(two));
    }

    [Fact]
    public async Task A_question_costs_no_row_no_opened_key_and_no_line_of_the_audit()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        await AnsweringAsync(portal, await portal.EnrolAsync(tenant), () => new WritebackResult.Healthy());
        await portal.AskAsync(tenant);
        var before = await portal.WithDbAsync(db => db.Set<AuditEntry>().CountAsync());

        for (var i = 0; i < 20; i++)
        {
            portal.Clock.Advance(TimeSpan.FromSeconds(6));
            Assert.IsType<HealthAnswer.Up>(await portal.AskAsync(tenant));
        }

        Assert.Empty(await portal.RowsAsync());
        Assert.Equal(before, await portal.WithDbAsync(db => db.Set<AuditEntry>().CountAsync()));
    }

    [Fact]
    [Trait("Case", "H74")]
    public async Task Only_the_first_answer_in_time_and_from_the_asked_tenant_counts()
    {
        await using var portal = await PortalHost.StartAsync();
        var (one, two) = (await portal.AddTenantAsync("corp.test"), await portal.AddTenantAsync("other.test"));
        var (agent, stranger) = (await portal.EnrolAsync(one), await portal.EnrolAsync(two));
        var (taken, answers) = (new List<bool>(), new List<string>());
        await agent.ListenAsync(async request =>
        {
            answers.Add(request.Id.Value);
            taken.Add(await stranger.ReportAsync(request.Id.Value, null, new WritebackResult.Healthy()));
            taken.Add(await agent.ReportAsync(request.Id.Value, null, new WritebackResult.Applied(false)));
            taken.Add(
                await agent.ReportAsync(
                    request.Id.Value,
                    null,
                    new WritebackResult.NotAttempted(WritebackReason.DirectoryUnreachable, null)
                )
            );
            taken.Add(await agent.ReportAsync(request.Id.Value, null, new WritebackResult.Healthy()));
        });
        await portal.ReceiverAsync(one);

        Assert.Equal(new HealthAnswer.Down(WritebackReason.DirectoryUnreachable), await portal.AskAsync(one));

        await Eventually.TrueAsync(() => taken.Count == 4, TimeSpan.FromSeconds(10), "the agents' four answers");
        Assert.Equal([false, false, true, false], taken);
        portal.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.False(await agent.ReportAsync(Assert.Single(answers), null, new WritebackResult.Healthy()));
    }

    [Fact]
    public async Task Each_connector_of_a_tenant_has_an_answer_of_its_own_and_a_domain_the_worst_of_its_peoples()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test", "new.test");
        await AnsweringAsync(portal, await portal.EnrolAsync(tenant, "corp.test"), () => new WritebackResult.Healthy());
        await portal.AddUserAsync(tenant, "corp.test", "anna@corp.test");

        Assert.IsType<HealthAnswer.Up>(await portal.AskAsync(tenant, "corp.test"));
        Assert.Equal(new HealthAnswer.Down(WritebackReason.NoAgent), await portal.AskAsync(tenant, "other.test"));
        Assert.IsType<HealthAnswer.Up>(await portal.AskOfDomainAsync(tenant, "corp.test"));
        Assert.IsType<HealthAnswer.Up>(await portal.AskOfDomainAsync(tenant, "new.test"));

        await portal.AddUserAsync(tenant, "other.test", "ben@corp.test");
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new HealthAnswer.Down(WritebackReason.NoAgent), await portal.AskOfDomainAsync(tenant, "corp.test"));
        Assert.IsType<HealthAnswer.Up>(await portal.AskOfDomainAsync(tenant, "new.test"));
    }

    [Fact]
    public async Task An_agent_that_has_not_filled_its_connector_space_is_not_asked()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        agent.State = agent.State!.NotFilled();
        await agent.HelloAsync();
        await AnsweringAsync(portal, agent, () => new WritebackResult.Healthy());

        Assert.Equal(new HealthAnswer.Down(WritebackReason.NoAgent), await portal.AskAsync(tenant));
        Assert.Equal(new HealthAnswer.Down(WritebackReason.NoAgent), await portal.AskOfDomainAsync(tenant, "corp.test"));
    }

    private static async Task AnsweringAsync(PortalHost portal, TestAgent agent, Func<WritebackResult> says)
    {
        await agent.ListenAsync(async request => Assert.True(await agent.ReportAsync(request.Id.Value, null, says())));
        await portal.ReceiverAsync(new(agent.Enrolment!.Tenant));
    }
}
