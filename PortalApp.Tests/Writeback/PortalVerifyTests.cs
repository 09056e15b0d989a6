using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Writeback;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Writeback;

/// <summary>How many passwords are tried at a time, by whom, and whose word counts.</summary>
public class PortalVerifyTests
{
    private static readonly WritebackResult Right = new WritebackResult.Verified(PasswordState.InForce);

    [Fact]
    public async Task Of_fifty_at_once_eight_of_a_tenant_get_a_place_and_one_of_a_person()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, other) = (await portal.AddTenantAsync("corp.test"), await portal.AddTenantAsync("other.test"));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => AddAsync(portal, tenant, "anna")));
        Assert.Equal(1, await OpenAsync(portal, tenant));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(person => AddAsync(portal, tenant, $"person {person}")));
        for (var person = 50; person < 60; person++)
        {
            await AddAsync(portal, tenant, $"person {person}");
        }

        Assert.Equal(VerifyPlaces.OfTenant, await OpenAsync(portal, tenant));
        Assert.NotNull(await AddAsync(portal, other, "anna"));
    }

    [Fact]
    public async Task A_place_is_free_once_its_question_was_answered_and_takes_none_of_a_write()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var asked = (await AddAsync(portal, tenant, "anna"))!;
        Assert.Null(await AddAsync(portal, tenant, "anna"));
        await portal.SentAsync(tenant);

        var attempt = TestAgent.NewId();
        Assert.True((await agent.ClaimAsync(asked, attempt)).Granted);
        Assert.True(await agent.ReportAsync(asked, attempt, Right));

        Assert.NotNull(await AddAsync(portal, tenant, "anna"));
    }

    [Fact]
    [Trait("Case", "H69")]
    [Trait("Case", "H74")]
    public async Task A_question_is_granted_once_and_only_the_granted_agent_says_that_a_password_is_right()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var (agent, other) = (await portal.EnrolAsync(tenant), await portal.EnrolAsync(tenant));
        var asked = (await AddAsync(portal, tenant, "anna"))!;

        Assert.False(await other.ReportAsync(asked, null, Right));
        var attempt = TestAgent.NewId();
        Assert.True((await agent.ClaimAsync(asked, attempt)).Granted);
        Assert.False((await agent.ClaimAsync(asked, TestAgent.NewId())).Granted);
        Assert.False((await other.ClaimAsync(asked, TestAgent.NewId())).Granted);
        Assert.False(await other.ReportAsync(asked, null, Right));
        Assert.False(await agent.ReportAsync(asked, attempt, new WritebackResult.Applied(false)));
        Assert.Null(await portal.ResultAsync(tenant, asked));
        Assert.True(await agent.ReportAsync(asked, null, Right));

        Assert.Equal(Right, await portal.ResultAsync(tenant, asked));
        Assert.False((await agent.ClaimAsync(asked, attempt)).Granted);
        Assert.Equal(3, (await portal.AuditAsync(AuditEventId.OutcomeRefused)).Count);
    }

    [Fact]
    public async Task A_question_that_nobody_answers_is_over_at_its_deadline_whoever_claimed_it()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var asked = (await AddAsync(portal, tenant, "anna"))!;
        Assert.True((await agent.ClaimAsync(asked, TestAgent.NewId())).Granted);

        portal.Clock.Advance(VerifySubject.Patience + TimeSpan.FromMilliseconds(1));
        await portal
            .Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>()
            .OfType<RequestSweep>()
            .Single()
            .SweepAsync(default);

        Assert.Equal(new WritebackResult.NotAttempted(WritebackReason.NoAgent, null), await portal.ResultAsync(tenant, asked));
        Assert.NotNull(await AddAsync(portal, tenant, "anna"));
    }

    [Fact]
    public async Task A_state_of_a_password_that_this_portal_does_not_know_lets_nobody_in()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var asked = (await AddAsync(portal, tenant, "anna"))!;
        var attempt = TestAgent.NewId();
        await agent.ClaimAsync(asked, attempt);

        Assert.True(await agent.ReportAsync(asked, attempt, new WritebackResult.Verified((PasswordState)7)));

        Assert.Equal(
            WritebackReason.Unrecognised,
            Assert.IsType<WritebackResult.NotAttempted>(await portal.ResultAsync(tenant, asked)).Reason
        );
    }

    private static Task<int> OpenAsync(PortalHost portal, TenantId tenant) =>
        portal.WithDbAsync(db => db.Set<Request>().CountAsync(r => r.Tenant == tenant && r.Place != null && r.EndedAt == null));

    /// <returns>Its id; null where there was no place.</returns>
    private static async Task<string?> AddAsync(PortalHost portal, TenantId tenant, string subject)
    {
        var now = portal.Clock.GetUtcNow();
        var row = new Request
        {
            Id = RequestId.New().Value,
            Tenant = tenant,
            Kind = RequestKind.Verify,
            Issued = now,
            Deadline = now + VerifySubject.Patience,
            Subject = subject,
        };
        return await portal.Services.GetRequiredService<VerifyPlaces>().TryAddAsync(row, default) ? row.Id : null;
    }
}
