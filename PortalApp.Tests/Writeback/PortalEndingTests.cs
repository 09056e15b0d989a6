using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Portal.Writeback;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Writeback;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Writeback;

/// <summary>From the row to the agent and back, and how a request ends that nobody answers.</summary>
public class PortalEndingTests
{
    private static readonly WritebackResult NoAgent = new WritebackResult.NotAttempted(WritebackReason.NoAgent, null);
    private static readonly WritebackResult AnswerLost = new WritebackResult.Unknown(WritebackReason.AnswerLost, null);

    [Fact]
    public async Task A_request_travels_sealed_to_the_agent_and_its_outcome_wakes_who_waits()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var arrived = new ConcurrentQueue<WritebackRequest>();
        await agent.ListenAsync(async request =>
        {
            arrived.Enqueue(request);
            var attempt = TestAgent.NewId();
            Assert.True((await agent.ClaimAsync(request.Id.Value, attempt)).Granted);
            Assert.True(await agent.ReportAsync(request.Id.Value, attempt, new WritebackResult.Applied(true)));
        });
        var anchor = CloudAnchor.New();

        var id = Assert.IsType<RequestAdding.Added>(await portal.SendAsync(tenant, anchor)).Id;
        var result = await portal.WaitAsync(tenant, id.Value, TimeSpan.FromMinutes(1));

        Assert.Equal(new WritebackResult.Applied(true), result);
        var request = Assert.IsType<WritebackRequest.Reset>(Assert.Single(arrived));
        Assert.Equal((id, tenant, anchor, RequestKind.Reset), (request.Id, request.Tenant, request.Anchor, request.Kind));
        Assert.Equal("Correct-Horse-1", request.Password.Reveal());
        Assert.Equal(TimeSpan.FromSeconds(60), request.Deadline - request.Issued);
    }

    [Fact]
    public async Task Both_of_two_agents_can_open_a_request_and_a_revoked_one_cannot()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var (one, two, gone) = (await portal.EnrolAsync(tenant), await portal.EnrolAsync(tenant), await portal.EnrolAsync(tenant));
        await portal.RevokeAsync(gone.Id);

        var kids = await portal.RecipientsAsync(tenant);

        Assert.Equal(new[] { one.EncryptionKid, two.EncryptionKid }.Order(), kids.Order());
    }

    [Fact]
    public async Task A_request_to_sixteen_agents_fits_into_one_message_and_the_seventeenth_is_left_out()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        for (var i = 0; i < 17; i++)
        {
            await portal.EnrolAsync(tenant);
            portal.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(16, (await portal.RecipientsAsync(tenant)).Count);
        Assert.IsType<RequestAdding.Added>(await portal.SendAsync(tenant, CloudAnchor.New()));
    }

    [Fact]
    public async Task A_request_is_sealed_for_those_agents_alone_that_serve_the_users_connector_and_are_ready()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var (ready, fresh, other) = (
            await portal.EnrolAsync(tenant),
            await portal.EnrolAsync(tenant),
            await portal.EnrolAsync(tenant, "other.test")
        );
        fresh.State = fresh.State!.NotFilled();
        await fresh.HelloAsync();

        Assert.Equal([ready.EncryptionKid], await portal.RecipientsAsync(tenant));

        var received = new List<string>();
        await ready.ListenAsync(Note);
        await other.ListenAsync(_ => throw new InvalidOperationException("Not for this connector."));
        var request = await portal.SentAsync(tenant);
        await Eventually.TrueAsync(() => received.Contains(request), TimeSpan.FromSeconds(10), "the request at the agent that is ready");

        Task Note(WritebackRequest taken)
        {
            received.Add(taken.Id.Value);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task What_no_ready_agent_does_is_said_at_once_and_is_sealed_for_one_that_does_it()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var old = await portal.EnrolAsync(tenant);
        old.State = old.State! with { Kinds = [(int)RequestKind.Health, (int)RequestKind.Check] };
        await old.HelloAsync();

        var request = await portal.SentAsync(tenant);
        Assert.Equal(new WritebackResult.NotAttempted(WritebackReason.NotSupported, null), await portal.ResultAsync(tenant, request));

        var young = await portal.EnrolAsync(tenant);
        Assert.Equal([young.EncryptionKid], await portal.RecipientsAsync(tenant));
    }

    [Fact]
    public async Task Without_an_agent_a_request_ends_at_once_as_not_attempted()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");

        var notSent = Assert.IsType<RequestAdding.Added>(await portal.SendAsync(tenant, CloudAnchor.New()));

        Assert.Equal(NoAgent, await portal.ResultAsync(tenant, notSent.Id.Value));
        Assert.False((await portal.RowAsync(notSent.Id.Value)).Open);
    }

    [Fact]
    [Trait("Case", "H70")]
    public async Task Unclaimed_at_its_deadline_a_request_ends_as_not_attempted_and_the_use_cases_hear_it_once()
    {
        var heard = new ConcurrentQueue<WritebackResult>();
        await using var portal = await StartAsync(heard);
        var tenant = await portal.AddTenantAsync("corp.test");
        await portal.EnrolAsync(tenant);
        var request = await portal.SentAsync(tenant);

        await portal.PassAsync(TimeSpan.FromSeconds(60), async () => (await portal.RowAsync(request)).TellAt is null && !heard.IsEmpty);

        Assert.Equal(NoAgent, await portal.ResultAsync(tenant, request));
        Assert.Equal([NoAgent], heard);
    }

    [Fact]
    [Trait("Case", "H75")]
    public async Task Granted_and_silent_a_request_ends_as_unknown_ten_seconds_after_its_deadline_and_evidence_still_counts()
    {
        var heard = new ConcurrentQueue<WritebackResult>();
        await using var portal = await StartAsync(heard);
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var request = await portal.SentAsync(tenant);
        Assert.True((await agent.ClaimAsync(request, TestAgent.NewId())).Granted);

        await portal.PassAsync(TimeSpan.FromSeconds(65), () => Task.FromResult(true));
        Assert.Null(await portal.ResultAsync(tenant, request));
        await portal.PassAsync(TimeSpan.FromSeconds(5), async () => await portal.ResultAsync(tenant, request) is not null);

        Assert.Equal(AnswerLost, await portal.ResultAsync(tenant, request));
        Assert.True(await agent.ReportAsync(request, null, new WritebackResult.Applied(false)));
        Assert.Equal([AnswerLost, new WritebackResult.Applied(false)], heard);
    }

    [Fact]
    public async Task A_new_request_of_the_account_ends_an_expired_one_that_nobody_claimed()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        await portal.EnrolAsync(tenant);
        var anchor = CloudAnchor.New();
        var old = Assert.IsType<RequestAdding.Added>(await portal.SendAsync(tenant, anchor)).Id;

        portal.Clock.Advance(TimeSpan.FromSeconds(60));

        Assert.IsType<RequestAdding.Added>(await portal.SendAsync(tenant, anchor));
        Assert.Equal(NoAgent, await portal.ResultAsync(tenant, old.Value));
    }

    [Fact]
    public async Task A_row_stands_or_falls_with_the_callers_transaction()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        await portal.EnrolAsync(tenant);

        Assert.IsType<RequestAdding.Added>(await portal.SendAsync(tenant, CloudAnchor.New(), commits: false));

        Assert.Empty(await portal.RowsAsync());
    }

    [Fact]
    [Trait("Case", "H83")]
    public async Task A_portal_that_starts_again_finds_the_request_and_takes_its_outcome()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var request = await portal.SentAsync(tenant);
        await agent.ClaimAsync(request, TestAgent.NewId());

        await using var again = await PortalHost.StartAsync(beside: portal);
        await using var same = again.Again(agent);

        Assert.Equal([request], await same.PendingAsync());
        Assert.True(await same.ReportAsync(request, null, new WritebackResult.Applied(false)));
        Assert.Equal(new WritebackResult.Applied(false), await again.ResultAsync(tenant, request));
    }

    [Fact]
    public async Task A_page_of_one_portal_sees_what_another_portal_was_told()
    {
        await using var portal = await PortalHost.StartAsync();
        await using var other = await PortalHost.StartAsync(beside: portal);
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var request = await portal.SentAsync(tenant);
        var attempt = TestAgent.NewId();
        await agent.ClaimAsync(request, attempt);

        var waiting = other.WaitAsync(tenant, request, TimeSpan.FromHours(1));
        await agent.ReportAsync(request, attempt, new WritebackResult.Applied(false));
        await portal.PassAsync(TimeSpan.FromMilliseconds(250), () => Task.FromResult(waiting.IsCompleted));

        Assert.Equal(new WritebackResult.Applied(false), await waiting);
    }

    [Fact]
    [Trait("Case", "H29")]
    public async Task Another_tenants_request_is_as_one_that_does_not_exist()
    {
        await using var portal = await PortalHost.StartAsync();
        var (mine, theirs) = (await portal.AddTenantAsync("corp.test"), await portal.AddTenantAsync("other.test"));
        var request = Assert.IsType<RequestAdding.Added>(await portal.SendAsync(mine, CloudAnchor.New())).Id;

        Assert.NotNull(await portal.ResultAsync(mine, request.Value));
        Assert.Null(await portal.ResultAsync(theirs, request.Value));
    }

    private static Task<PortalHost> StartAsync(ConcurrentQueue<WritebackResult> heard) =>
        PortalHost.StartAsync(services =>
            services.AddSingleton<RequestEnded>(_ =>
                (_, result, _) =>
                {
                    heard.Enqueue(result);
                    return Task.CompletedTask;
                }
            )
        );
}
