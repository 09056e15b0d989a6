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
        await AnsweringAsync(portal, await portal.EnrolAsync(tenant), () => new WritebackResult.Healthy());

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => portal.AskAsync(tenant)));
        Assert.All(answers, a => Assert.IsType<HealthAnswer.Up>(a));
        portal.Clock.Advance(TimeSpan.FromSeconds(4.9));
        await portal.AskAsync(tenant);
        Assert.Single(await portal.RowsAsync());

        portal.Clock.Advance(TimeSpan.FromSeconds(0.2));
        await portal.AskAsync(tenant);
        Assert.Equal(2, (await portal.RowsAsync()).Count);
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
        var thawed = new TaskCompletionSource();
        await (await portal.EnrolAsync(tenant)).ListenAsync(_ => thawed.Task);
        await portal.ReceiverAsync(tenant);

        var asked = portal.AskAsync(tenant);
        await Eventually.TrueAsync(
            async () => (await portal.RowsAsync()).Count == 1,
            TimeSpan.FromSeconds(10),
            "the question",
            TestContext.Current.CancellationToken
        );
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

    private static async Task AnsweringAsync(PortalHost portal, TestAgent agent, Func<WritebackResult> says)
    {
        await agent.ListenAsync(async request => Assert.True(await agent.ReportAsync(request.Id.Value, null, says())));
        await portal.ReceiverAsync(new(agent.Enrolment!.Tenant));
    }
}
