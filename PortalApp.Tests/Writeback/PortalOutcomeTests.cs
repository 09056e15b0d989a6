using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;
using Portal.Policy;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Writeback;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Writeback;

/// <summary>Whose word counts, for what, and how often.</summary>
public class PortalOutcomeTests
{
    private static readonly WritebackResult Applied = new WritebackResult.Applied(false);
    private static readonly WritebackResult Unknown = new WritebackResult.Unknown(WritebackReason.AnswerLost, null);
    private static readonly WritebackResult NotAttempted = new WritebackResult.NotAttempted(WritebackReason.Protected, null);
    private static readonly WritebackResult Rejected = new WritebackResult.Rejected(WritebackReason.InHistory, "0000052D");

    private static readonly WritebackResult Settable = new WritebackResult.Settable(
        new PasswordRules(PolicySource.Domain, null, 12, true, 24, true, null, ["anna"])
    );

    [Fact]
    [Trait("Case", "H74")]
    public async Task The_first_outcome_of_the_granted_agent_stands_and_no_later_word_changes_it()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent, request, attempt) = await GrantedAsync(portal);

        Assert.True(await agent.ReportAsync(request, attempt, Rejected));
        Assert.True(await agent.ReportAsync(request, attempt, Rejected));
        Assert.False(await agent.ReportAsync(request, attempt, Applied));
        Assert.False(await agent.ReportAsync(request, null, NotAttempted));

        Assert.Equal(Rejected, await portal.ResultAsync(tenant, request));
        Assert.Equal(2, (await portal.AuditAsync(AuditEventId.OutcomeRefused)).Count);
    }

    [Fact]
    [Trait("Case", "H74")]
    public async Task An_outcome_of_another_agent_another_attempt_or_an_unknown_request_changes_nothing()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent, request, _) = await GrantedAsync(portal);
        var other = await portal.EnrolAsync(tenant);

        Assert.False(await other.ReportAsync(request, null, Applied));
        Assert.False(await other.ReportAsync(request, null, NotAttempted));
        Assert.False(await agent.ReportAsync(request, TestAgent.NewId(), Applied));
        Assert.False(await agent.ReportAsync(TestAgent.NewId(), null, Applied));

        Assert.Null(await portal.ResultAsync(tenant, request));
        Assert.Equal(4, (await portal.AuditAsync(AuditEventId.OutcomeRefused)).Count);
    }

    [Fact]
    public async Task That_a_second_agent_was_not_granted_is_no_alarm()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, _, request, _) = await GrantedAsync(portal);
        var other = await portal.EnrolAsync(tenant);

        Assert.False(await other.ReportAsync(request, null, new WritebackResult.NotAttempted(WritebackReason.NotGranted, null)));

        Assert.Null(await portal.ResultAsync(tenant, request));
        Assert.Empty(await portal.AuditAsync(AuditEventId.OutcomeRefused));
    }

    [Fact]
    [Trait("Case", "H74")]
    public async Task Before_a_grant_nothing_but_a_refusal_counts()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var request = await portal.SentAsync(tenant);

        foreach (var result in new[] { Applied, Rejected, Unknown, Settable, new WritebackResult.Healthy() })
        {
            Assert.False(await agent.ReportAsync(request, null, result));
        }

        Assert.Null(await portal.ResultAsync(tenant, request));
        Assert.True(await agent.ReportAsync(request, null, NotAttempted));
        Assert.Equal(NotAttempted, await portal.ResultAsync(tenant, request));
    }

    [Fact]
    [Trait("Case", "H74")]
    public async Task A_question_takes_its_own_kind_of_answer_from_any_of_the_tenants_agents()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var check = await portal.SentAsync(tenant, RequestKind.Check);

        foreach (var result in new[] { Applied, Rejected, Unknown, new WritebackResult.Healthy() })
        {
            Assert.False(await agent.ReportAsync(check, null, result));
        }

        Assert.Null(await portal.ResultAsync(tenant, check));
        Assert.True(await agent.ReportAsync(check, null, Settable));
        Assert.IsType<WritebackResult.Settable>(await portal.ResultAsync(tenant, check));
        Assert.False(await agent.ReportAsync(check, null, NotAttempted));
        Assert.IsType<WritebackResult.Settable>(await portal.ResultAsync(tenant, check));
    }

    [Theory]
    [Trait("Case", "H75")]
    [InlineData("applied")]
    [InlineData("rejected")]
    [InlineData("notAttempted")]
    public async Task An_unknown_is_resolved_once_by_the_evidence_of_the_granted_agent(string evidence)
    {
        var result =
            evidence == "applied" ? Applied
            : evidence == "rejected" ? Rejected
            : NotAttempted;
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent, request, attempt) = await GrantedAsync(portal);
        var other = await portal.EnrolAsync(tenant);

        Assert.True(await agent.ReportAsync(request, attempt, Unknown));
        Assert.Equal([request], await agent.PendingAsync());
        Assert.False(await other.ReportAsync(request, null, result));
        Assert.Equal(Unknown, await portal.ResultAsync(tenant, request));

        Assert.True(await agent.ReportAsync(request, null, result));
        Assert.Equal(result, await portal.ResultAsync(tenant, request));
        Assert.NotNull((await portal.RowAsync(request)).ResolvedAt);
        Assert.Empty(await agent.PendingAsync());
        Assert.False(await agent.ReportAsync(request, null, result == Applied ? Rejected : Applied));
        Assert.Equal(result, await portal.ResultAsync(tenant, request));
    }

    [Fact]
    [Trait("Case", "H78")]
    public async Task While_an_unknown_write_may_still_land_no_newer_request_of_the_account_is_opened()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var anchor = CloudAnchor.New();
        var request = Assert.IsType<RequestAdding.Added>(await portal.SendAsync(tenant, anchor)).Id;
        await agent.ClaimAsync(request.Value, TestAgent.NewId());
        await agent.ReportAsync(request.Value, null, Unknown);

        Assert.Equal(new RequestAdding.AlreadyOpen(request), await portal.SendAsync(tenant, anchor));
        await portal.PassAsync(TimeSpan.FromSeconds(70), async () => !(await portal.RowAsync(request.Value)).Open);
        Assert.IsType<RequestAdding.Added>(await portal.SendAsync(tenant, anchor));
        Assert.Equal(Unknown, await portal.ResultAsync(tenant, request.Value));
    }

    [Fact]
    [Trait("Case", "H82")]
    public async Task After_its_restart_an_agent_is_asked_for_what_it_was_granted_and_answers_without_its_attempt()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent, request, _) = await GrantedAsync(portal);
        var other = await portal.EnrolAsync(tenant);

        Assert.Equal([request], await agent.PendingAsync());
        Assert.Empty(await other.PendingAsync());
        Assert.True(await agent.ReportAsync(request, null, NotAttempted));
        Assert.Empty(await agent.PendingAsync());
    }

    [Theory]
    [Trait("Case", "H28")]
    [InlineData("""{"request":"ID","attempt":null,"result":{"result":"notAttempted","reason":99,"detail":null}}""")]
    [InlineData("""{"request":"ID","attempt":null,"result":{"result":"notAttempted","reason":0,"detail":null}}""")]
    [InlineData("""{"request":"ID","attempt":null,"result":{"result":5}}""")]
    [InlineData("""{"request":"ID","attempt":null,"result":{"reason":34001,"detail":null}}""")]
    [InlineData("""{"request":"ID","attempt":"short","result":{"result":"notAttempted","reason":34001,"detail":null}}""")]
    [InlineData("""{"request":"x' OR 1=1 --","attempt":null,"result":{"result":"notAttempted","reason":34001,"detail":null}}""")]
    [InlineData("""{"request":"ID","attempt":null,"result":null}""")]
    public async Task An_outcome_of_no_known_form_is_refused(string json)
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent, request, _) = await GrantedAsync(portal);
        var body = Encoding.UTF8.GetBytes(json.Replace("ID", request, StringComparison.Ordinal));

        using var answer = await agent.SendAsync(AgentApi.Outcome, body, agent.TokenFor(AgentApi.Outcome, body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(await portal.ResultAsync(tenant, request));
    }

    [Fact]
    [Trait("Case", "H83")]
    public async Task A_use_case_that_fails_is_told_again_until_it_has_heard()
    {
        var heard = new List<WritebackResult>();
        var failing = true;
        await using var portal = await PortalHost.StartAsync(services =>
            services.AddSingleton<RequestEnded>(_ =>
                (_, result, _) =>
                {
                    lock (heard)
                    {
                        heard.Add(result);
                    }

                    return failing ? throw new InvalidOperationException("the mail queue is full") : Task.CompletedTask;
                }
            )
        );
        var (_, agent, request, attempt) = await GrantedAsync(portal);

        Assert.True(await agent.ReportAsync(request, attempt, Unknown));
        Assert.NotNull((await portal.RowAsync(request)).TellAt);
        failing = false;
        await portal.PassAsync(TimeSpan.FromSeconds(31), async () => (await portal.RowAsync(request)).TellAt is null);
        Assert.Equal([Unknown, Unknown], heard);

        Assert.True(await agent.ReportAsync(request, attempt, Applied));
        Assert.Equal([Unknown, Unknown, Applied], heard);
    }

    private static async Task<(TenantId Tenant, TestAgent Agent, string Request, string Attempt)> GrantedAsync(PortalHost portal)
    {
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var request = await portal.SentAsync(tenant);
        var attempt = TestAgent.NewId();
        Assert.True((await agent.ClaimAsync(request, attempt)).Granted);
        return (tenant, agent, request, attempt);
    }
}
