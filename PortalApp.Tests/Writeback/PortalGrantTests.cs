using Microsoft.EntityFrameworkCore;
using Portal.Agents;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Writeback;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Writeback;

/// <summary>Who may write, and that it is one.</summary>
public class PortalGrantTests
{
    [Fact]
    [Trait("Case", "H76")]
    public async Task Of_fifty_parallel_claims_one_is_granted()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agents = new[] { await portal.EnrolAsync(tenant), await portal.EnrolAsync(tenant) };
        var request = await portal.SentAsync(tenant);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(i => agents[i % agents.Length].ClaimAsync(request, TestAgent.NewId()))
        );

        Assert.Single(answers, a => a.Granted);
    }

    [Fact]
    [Trait("Case", "H69")]
    public async Task The_same_attempt_asked_again_is_granted_again_with_less_time_and_another_is_not()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var request = await portal.SentAsync(tenant);
        var attempt = TestAgent.NewId();

        Assert.Equal(new ClaimResponse(true, 60_000), await agent.ClaimAsync(request, attempt));
        portal.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(new ClaimResponse(true, 40_000), await agent.ClaimAsync(request, attempt));
        Assert.Equal(new ClaimResponse(false, 0), await agent.ClaimAsync(request, TestAgent.NewId()));
    }

    [Fact]
    [Trait("Case", "H76")]
    public async Task Another_agent_is_not_granted_even_with_the_same_attempt()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var (one, two) = (await portal.EnrolAsync(tenant), await portal.EnrolAsync(tenant));
        var request = await portal.SentAsync(tenant);
        var attempt = TestAgent.NewId();

        Assert.True((await one.ClaimAsync(request, attempt)).Granted);
        Assert.False((await two.ClaimAsync(request, attempt)).Granted);
    }

    [Fact]
    [Trait("Case", "H70")]
    public async Task From_its_deadline_on_a_request_is_granted_to_nobody()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var request = await portal.SentAsync(tenant);

        // The clock stands still, so that nothing but the grant looks at the deadline.
        await portal.DeadlineAsync(request, portal.Clock.GetUtcNow());
        Assert.False((await agent.ClaimAsync(request, TestAgent.NewId())).Granted);
        await portal.DeadlineAsync(request, portal.Clock.GetUtcNow().AddMilliseconds(1));
        Assert.Equal(new ClaimResponse(true, 1), await agent.ClaimAsync(request, TestAgent.NewId()));
    }

    [Fact]
    [Trait("Case", "H87")]
    public async Task A_clock_set_back_an_hour_makes_no_grant_longer_than_the_requests_own_life()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var request = await portal.SentAsync(tenant);

        await SetBackAsync(portal, TimeSpan.FromSeconds(20));

        Assert.Equal(new ClaimResponse(true, 60_000), await agent.ClaimAsync(request, TestAgent.NewId()));
    }

    [Fact]
    [Trait("Case", "H87")]
    public async Task A_request_that_nobody_claimed_does_not_block_its_account_for_the_hour_that_a_clock_was_set_back()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        await portal.EnrolAsync(tenant);
        var anchor = CloudAnchor.New();
        Assert.IsType<RequestAdding.Added>(await portal.SendAsync(tenant, anchor));
        Assert.IsType<RequestAdding.AlreadyOpen>(await portal.SendAsync(tenant, anchor));

        await SetBackAsync(portal, TimeSpan.FromHours(1));

        Assert.IsType<RequestAdding.Added>(await portal.SendAsync(tenant, anchor));
    }

    /// <summary>As the rows look from a clock that was set back.</summary>
    private static Task<int> SetBackAsync(PortalHost portal, TimeSpan by) =>
        portal.WithDbAsync(async db =>
        {
            foreach (var row in await db.Set<Request>().ToListAsync())
            {
                (row.Issued, row.Deadline) = (row.Issued + by, row.Deadline + by);
            }

            return await db.SaveChangesAsync();
        });

    [Fact]
    public async Task An_ended_request_is_granted_to_nobody()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var (one, two) = (await portal.EnrolAsync(tenant), await portal.EnrolAsync(tenant));
        var request = await portal.SentAsync(tenant);

        Assert.True(await one.ReportAsync(request, null, new WritebackResult.NotAttempted(WritebackReason.Protected, null)));

        Assert.False((await two.ClaimAsync(request, TestAgent.NewId())).Granted);
    }

    [Theory]
    [InlineData(RequestKind.Check)]
    public async Task A_question_is_never_granted(RequestKind kind)
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);

        Assert.False((await agent.ClaimAsync(await portal.SentAsync(tenant, kind), TestAgent.NewId())).Granted);
    }

    [Fact]
    [Trait("Case", "H72")]
    [Trait("Case", "H29")]
    public async Task Another_tenants_agent_neither_claims_nor_ends_a_request()
    {
        await using var portal = await PortalHost.StartAsync();
        var (mine, theirs) = (await portal.AddTenantAsync("corp.test"), await portal.AddTenantAsync("other.test"));
        var (agent, stranger) = (await portal.EnrolAsync(mine), await portal.EnrolAsync(theirs));
        var request = await portal.SentAsync(mine);

        Assert.False((await stranger.ClaimAsync(request, TestAgent.NewId())).Granted);
        Assert.False(await stranger.ReportAsync(request, null, new WritebackResult.NotAttempted(WritebackReason.Disabled, null)));

        Assert.Null(await portal.ResultAsync(mine, request));
        var audited = Assert.Single(await portal.AuditAsync(AuditEventId.OutcomeRefused));
        Assert.Equal(theirs, audited.Tenant);
        Assert.Equal(request, audited.Request);
        Assert.True((await agent.ClaimAsync(request, TestAgent.NewId())).Granted);
    }

    [Fact]
    [Trait("Case", "H73")]
    public async Task An_agent_that_is_revoked_while_it_works_is_not_granted()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var (gone, stays) = (await portal.EnrolAsync(tenant), await portal.EnrolAsync(tenant));
        var request = await portal.SentAsync(tenant);
        await portal.RevokeAsync(gone.Id);

        Assert.Equal(
            System.Net.HttpStatusCode.Unauthorized,
            (await gone.CallAsync<ClaimResponse>(AgentApi.Claim, new ClaimRequest(request, TestAgent.NewId()))).Status
        );
        Assert.Null(await portal.ClaimPastTheDoorAsync(tenant, gone.Id, request));
        Assert.True((await stays.ClaimAsync(request, TestAgent.NewId())).Granted);
    }

    [Fact]
    [Trait("Case", "H23")]
    public async Task Of_fifty_parallel_finals_one_request_is_open_and_the_others_learn_its_id()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        await portal.EnrolAsync(tenant);
        var anchor = CloudAnchor.New();

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => portal.SendAsync(tenant, anchor)));

        var sent = Assert.Single(results.OfType<RequestAdding.Added>());
        Assert.Equal(49, results.OfType<RequestAdding.AlreadyOpen>().Count(o => o.Id == sent.Id));
        Assert.Single(await portal.RowsAsync());
    }

    [Fact]
    public async Task Two_tenants_with_the_same_anchor_do_not_meet()
    {
        await using var portal = await PortalHost.StartAsync();
        var (one, two) = (await portal.AddTenantAsync("corp.test"), await portal.AddTenantAsync("other.test"));
        await portal.EnrolAsync(one);
        await portal.EnrolAsync(two);
        var anchor = CloudAnchor.New();

        Assert.IsType<RequestAdding.Added>(await portal.SendAsync(one, anchor));
        Assert.IsType<RequestAdding.Added>(await portal.SendAsync(two, anchor));
    }
}
