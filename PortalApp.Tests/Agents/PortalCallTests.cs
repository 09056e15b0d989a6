using System.Net;
using System.Text;
using System.Text.Json;
using Agent.Relay;
using Portal.Agents;
using Portal.Relay;
using Portal.Relay.Envelopes;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Agents;

public class PortalCallTests
{
    private static readonly byte[] Hello = JsonSerializer.SerializeToUtf8Bytes(new HelloRequest("1"), TestAgent.Json);

    [Fact]
    public async Task Hello_brings_the_tenants_keys_and_is_remembered()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        portal.Clock.Advance(TimeSpan.FromMinutes(5));
        agent.State = agent.State! with { TenantKeys = [] };

        var (status, answer) = await agent.HelloAsync();

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(tenant.Value, answer!.Tenant);
        var key = Assert.Single(answer.TenantKeys);
        Assert.NotNull(EnvelopeKeys.TryOpenTenantKey(key.Generation, key.Jwe, agent.EncryptionKey));
        var listed = Assert.Single(await portal.AgentsOfAsync(tenant));
        Assert.Equal(portal.Clock.GetUtcNow(), listed.LastHelloAt);
        Assert.Equal("1.1", listed.Version);
        Assert.Equal("wss://portal.example/$servicebus/websocket", answer.Relay!.Address);
        Assert.Equal([new ConnectorAddress("corp.test", RelayAddress.Of(tenant, "corp.test").Value)], answer.Relay.Connectors);
        Assert.Equal(JsonSerializer.Serialize(agent.State), JsonSerializer.Serialize(listed.State));
        Assert.Equal(answer.Relay.Address, listed.Relay);
    }

    [Fact]
    public async Task A_hello_of_an_agent_that_holds_the_tenants_keys_opens_none()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        var opened = (await portal.AuditAsync(AuditEventId.TenantKeyOpened)).Count;

        for (var minute = 0; minute < 5; minute++)
        {
            portal.Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Empty((await agent.HelloAsync()).Answer!.TenantKeys);
        }

        Assert.Equal(opened, (await portal.AuditAsync(AuditEventId.TenantKeyOpened)).Count);
    }

    [Fact]
    [Trait("Case", "H89")]
    public async Task An_agent_that_says_no_connectors_is_greeted_and_serves_nobody()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        agent.State = null;

        var (status, answer) = await agent.HelloAsync();

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Single(answer!.TenantKeys);
        Assert.Empty(answer.Relay!.Connectors);
        Assert.Empty(await portal.RecipientsAsync(tenant));
    }

    [Fact]
    [Trait("Case", "H28")]
    public async Task A_hello_with_more_than_an_agent_can_serve_is_refused()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        var now = portal.Clock.GetUtcNow();
        AgentState[] bad =
        [
            AgentStates.Ready(now, [.. Enumerable.Range(0, 5).Select(i => $"{i}.test")]),
            AgentStates.Ready(now, "twice.test", "twice.test"),
            AgentStates.Ready(now, ""),
            AgentStates.Ready(now, new string('a', 256)),
            AgentStates.Ready(now, "line\nfeed"),
            agent.State! with
            {
                Kinds = [.. Enumerable.Range(0, 65)],
            },
            agent.State! with
            {
                Connectors = [new("corp.test", true, [.. Enumerable.Repeat(new ControllerState("dc", true, 0), 65)])],
            },
        ];

        foreach (var state in bad)
        {
            agent.State = state;
            Assert.Equal(HttpStatusCode.BadRequest, (await agent.HelloAsync()).Status);
        }
    }

    [Fact]
    public async Task A_token_is_taken_once()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        var token = agent.TokenFor(AgentApi.Hello, Hello);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(agent, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(agent, token));
    }

    [Fact]
    public async Task Of_ten_parallel_calls_with_one_token_one_is_answered()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        var token = agent.TokenFor(AgentApi.Hello, Hello);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => StatusAsync(agent, token)));

        Assert.Single(statuses, s => s == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_for_another_portal_path_body_or_time_is_refused_without_a_reason()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        var now = portal.Clock.GetUtcNow();
        string?[] bad =
        [
            null,
            "",
            "a.b.c",
            agent.TokenFor(AgentApi.Hello, Hello, audience: "https://elsewhere.example"),
            agent.TokenFor(AgentApi.Alarm, Hello),
            agent.TokenFor(AgentApi.Hello, [.. Hello, (byte)' ']),
            agent.TokenFor(AgentApi.Hello, Hello, at: now.AddMinutes(-5)),
            agent.TokenFor(AgentApi.Hello, Hello, at: now.AddMinutes(5)),
            Unsigned(agent.TokenFor(AgentApi.Hello, Hello)),
        ];
        var answers = new HashSet<string>();

        foreach (var token in bad)
        {
            using var answer = await agent.SendAsync(AgentApi.Hello, Hello, token);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            answers.Add(WithoutTrace(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        }

        Assert.Single(answers);
    }

    [Fact]
    [Trait("Case", "H29")]
    public async Task An_agents_key_speaks_for_no_other_agent()
    {
        await using var portal = await PortalHost.StartAsync();
        var one = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        var two = await portal.EnrolAsync(await portal.AddTenantAsync("other.test"));

        one.Enrolment = one.Enrolment! with { AgentId = two.Id };

        Assert.Equal(HttpStatusCode.Unauthorized, (await one.HelloAsync()).Status);
    }

    [Fact]
    [Trait("Case", "H73")]
    public async Task A_revoked_agent_is_refused_at_once_and_its_relay_connection_ends()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        await agent.ListenAsync(_ => Task.CompletedTask);

        Assert.True(await portal.RevokeAsync(agent.Id));

        Assert.Equal(HttpStatusCode.Unauthorized, (await agent.HelloAsync()).Status);
        Assert.IsType<RelayConnecting.Refused>(await agent.ConnectAsync());
        await portal.PassAsync(TimeSpan.FromSeconds(4), () => Task.FromResult(agent.Listening.IsCompleted));
        Assert.False(await portal.RevokeAsync(agent.Id));
        Assert.Single(await portal.AuditAsync(AuditEventId.AgentRevoked));
    }

    [Fact]
    [Trait("Case", "H72")]
    public async Task The_relay_knows_no_agent_by_anothers_name()
    {
        await using var portal = await PortalHost.StartAsync();
        var one = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        var two = await portal.EnrolAsync(await portal.AddTenantAsync("other.test"));

        Assert.IsType<RelayConnecting.Refused>(await one.ConnectAsync(two.Id));
    }

    [Theory]
    [Trait("Case", "H28")]
    [InlineData("""{"version":"1","version":"2"}""")]
    [InlineData("""{"version":["1"]}""")]
    [InlineData("""{"version":null}""")]
    [InlineData("""{"readsWriteCounter":true}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_body_of_another_form_is_refused(string json)
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        var body = Encoding.UTF8.GetBytes(json);

        using var answer = await agent.SendAsync(AgentApi.Hello, body, agent.TokenFor(AgentApi.Hello, body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    [Trait("Case", "H19")]
    public async Task A_body_that_is_too_large_or_too_deep_is_refused()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        var large = new byte[AgentApi.MaxBodyBytes + 1];
        var deep = Encoding.UTF8.GetBytes(new string('[', 1000) + new string(']', 1000));

        foreach (var path in new[] { AgentApi.Hello, AgentApi.Sync, AgentApi.Outcome })
        {
            using var tooLarge = await agent.SendAsync(path, large, agent.TokenFor(path, large));
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
        }

        using var tooDeep = await agent.SendAsync(AgentApi.Hello, deep, agent.TokenFor(AgentApi.Hello, deep));
        Assert.Equal(HttpStatusCode.BadRequest, tooDeep.StatusCode);
    }

    [Fact]
    public async Task An_alarm_is_audited_by_its_kind_and_a_flood_of_them_is_bounded()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));

        await AlarmAsync(agent, AlarmKind.ForgedMessage);
        await AlarmAsync(agent, AlarmKind.RateCapped);
        for (var i = 0; i < 70; i++)
        {
            await AlarmAsync(agent, AlarmKind.NoWriteCounter);
        }

        Assert.Single(await portal.AuditAsync(AuditEventId.ForgedMessage));
        Assert.Single(await portal.AuditAsync(AuditEventId.RateCapped));
        Assert.Equal(58, (await portal.AuditAsync(AuditEventId.AgentAlarm)).Count);
    }

    private static async Task AlarmAsync(TestAgent agent, AlarmKind kind) =>
        Assert.Equal(
            HttpStatusCode.OK,
            (await agent.CallAsync<OutcomeResponse>(AgentApi.Alarm, new AlarmRequest(kind, "what happened"))).Status
        );

    private static async Task<HttpStatusCode> StatusAsync(TestAgent agent, string token)
    {
        using var answer = await agent.SendAsync(AgentApi.Hello, Hello, token);
        return answer.StatusCode;
    }

    private static string Unsigned(string token) => token[..(token.LastIndexOf('.') + 1)];

    private static string WithoutTrace(string problem)
    {
        using var json = JsonDocument.Parse(problem);
        return string.Join(';', json.RootElement.EnumerateObject().Where(p => p.Name != "traceId").Select(p => p.ToString()));
    }
}
