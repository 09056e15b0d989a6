using System.Net;
using System.Text;
using System.Text.Json;
using Portal.Agents;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Writeback.Wire;

namespace PortalApp.Tests.Writeback;

/// <summary>What this portal makes of an agent that says more than it knows.</summary>
[Trait("Case", "H89")]
public sealed class NewerAgentTests
{
    private const string Deferred = """{"result":"deferred","until":1772366400000}""";

    [Fact]
    public async Task An_outcome_in_a_word_that_is_not_known_leaves_a_write_unknown_until_it_can_be_read()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var request = await portal.SentAsync(tenant);
        var attempt = TestAgent.NewId();
        Assert.True((await agent.ClaimAsync(request, attempt)).Granted);

        Assert.True(await ReportAsync(agent, request, Deferred, attempt));
        Assert.Equal(new WritebackResult.Unknown(WritebackReason.Unrecognised, "deferred"), await portal.ResultAsync(tenant, request));
        Assert.Equal([request], await agent.PendingAsync());
        Assert.True(await ReportAsync(agent, request, Deferred));
        Assert.Empty(await portal.AuditAsync(AuditEventId.OutcomeRefused));

        Assert.True(await agent.ReportAsync(request, null, new WritebackResult.Applied(false)));
        Assert.Equal(new WritebackResult.Applied(false), await portal.ResultAsync(tenant, request));
        Assert.Empty(await agent.PendingAsync());
    }

    [Fact]
    public async Task To_a_question_such_an_answer_is_that_nothing_was_attempted()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var check = await portal.SentAsync(tenant, RequestKind.Check);

        Assert.True(await ReportAsync(agent, check, Deferred));

        Assert.Equal(new WritebackResult.NotAttempted(WritebackReason.Unrecognised, "deferred"), await portal.ResultAsync(tenant, check));
    }

    [Fact]
    public async Task From_an_agent_that_was_not_granted_it_changes_nothing_and_alarms_nobody()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var (agent, other) = (await portal.EnrolAsync(tenant), await portal.EnrolAsync(tenant));
        var request = await portal.SentAsync(tenant);

        Assert.False(await ReportAsync(agent, request, Deferred));
        Assert.True((await agent.ClaimAsync(request, TestAgent.NewId())).Granted);
        Assert.False(await ReportAsync(other, request, Deferred));
        Assert.False(await other.ReportAsync(request, null, new WritebackResult.NotAttempted(WritebackReason.NotSupported, null)));

        Assert.Null(await portal.ResultAsync(tenant, request));
        Assert.Empty(await portal.AuditAsync(AuditEventId.OutcomeRefused));
    }

    [Theory]
    [InlineData("rejected", ",\"rules\":null")]
    [InlineData("notAttempted", "")]
    [InlineData("unknown", "")]
    public async Task A_reason_that_is_not_known_keeps_its_case_and_its_number(string word, string more)
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var request = await portal.SentAsync(tenant);
        Assert.True((await agent.ClaimAsync(request, TestAgent.NewId())).Granted);

        var said = "{\"result\":\"" + word + "\",\"reason\":34888,\"detail\":\"in a list of leaked ones\"" + more + "}";
        Assert.True(await ReportAsync(agent, request, said));

        var kept = (await portal.ResultAsync(tenant, request))!;
        Assert.Equal(word, kept.GetType().Name, ignoreCase: true);
        Assert.Equal(WritebackReason.Unrecognised, kept.Why);
        Assert.Contains("34888: in a list of leaked ones", JsonSerializer.Serialize(kept), StringComparison.Ordinal);
        Assert.True(await ReportAsync(agent, request, said));
    }

    [Fact]
    public async Task An_agent_that_does_not_do_it_ends_the_request_unclaimed()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var request = await portal.SentAsync(tenant);
        var notSupported = new WritebackResult.NotAttempted(WritebackReason.NotSupported, "kind 2, agent 0.9");

        Assert.True(await agent.ReportAsync(request, null, notSupported));

        Assert.Equal(notSupported, await portal.ResultAsync(tenant, request));
        Assert.False((await agent.ClaimAsync(request, TestAgent.NewId())).Granted);
    }

    [Fact]
    public async Task Every_call_may_say_more_than_the_portal_knows()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);

        foreach (
            var (path, file) in new[]
            {
                (AgentApi.Hello, "hello-request"),
                (AgentApi.Pending, "pending-request"),
                (AgentApi.Claim, "claim-request"),
                (AgentApi.Outcome, "outcome-request"),
                (AgentApi.Alarm, "alarm-request-forged-message"),
                (AgentApi.Sync, "sync-batch"),
            }
        )
        {
            await SayAsync(agent, path, WireChanges.Grown(WireSamples.TextOf("Calls", file)).ToJsonString());
        }
    }

    [Fact]
    public async Task An_alarm_of_a_kind_that_is_not_known_is_raised_all_the_same()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);

        await SayAsync(agent, AgentApi.Alarm, """{"kind":"DiskNearlyFull","detail":"3 % left"}""");

        Assert.Equal("Other: 3 % left", Assert.Single(await portal.AuditAsync(AuditEventId.AgentAlarm)).Detail);
    }

    private static async Task<bool> ReportAsync(TestAgent agent, string request, string result, string? attempt = null)
    {
        var said = attempt is null ? "null" : $"\"{attempt}\"";
        var answer = await SayAsync(agent, AgentApi.Outcome, $$"""{"request":"{{request}}","attempt":{{said}},"result":{{result}}}""");
        return JsonSerializer.Deserialize<OutcomeResponse>(answer, WireJson.Options)!.Accepted;
    }

    private static async Task<string> SayAsync(TestAgent agent, string path, string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        using var answer = await agent.SendAsync(path, body, agent.TokenFor(path, body));
        Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
