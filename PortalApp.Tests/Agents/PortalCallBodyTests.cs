using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Portal.Agents;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Agents;

/// <summary>Token first, then body, then JSON: what a call's sender gets whose body does not come, or is another.</summary>
public sealed class PortalCallBodyTests
{
    private static readonly byte[] Hello = JsonSerializer.SerializeToUtf8Bytes(new HelloRequest("1"), TestAgent.Json);

    [Fact]
    public async Task A_stranger_is_refused_before_the_portal_asks_for_a_byte_of_the_body()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        var stranger = portal.NewAgent();
        stranger.Enrolment = agent.Enrolment;
        string?[] tokens =
        [
            null,
            "a.b.c",
            stranger.TokenFor(AgentApi.Hello, Hello),
            agent.TokenFor(AgentApi.Alarm, Hello),
            agent.TokenFor(AgentApi.Hello, Hello, at: portal.Clock.GetUtcNow().AddMinutes(-5)),
        ];

        foreach (var token in tokens)
        {
            using var call = await SendHeadAsync(portal, token);
            Assert.Equal("HTTP/1.1 401 Unauthorized", await call.ReadLineAsync(Soon()));
        }
    }

    [Fact]
    public async Task A_token_is_spent_only_with_the_body_that_it_is_for()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        var token = agent.TokenFor(AgentApi.Hello, Hello);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(agent, [.. Hello, (byte)' '], token));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await StatusAsync(agent, new byte[AgentApi.MaxBodyBytes], token));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(agent, Hello, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(agent, Hello, token));
    }

    /// <summary>Its id may have been forgotten as spent by then.</summary>
    [Fact]
    public async Task A_body_that_comes_when_its_tokens_time_is_over_is_refused()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        using var call = await SendHeadAsync(portal, agent.TokenFor(AgentApi.Hello, Hello));
        Assert.Equal("HTTP/1.1 100 Continue", await call.ReadLineAsync(Soon()));
        Assert.Equal("", await call.ReadLineAsync(Soon()));

        portal.Clock.Advance(TimeSpan.FromSeconds(91));
        await call.BaseStream.WriteAsync(Hello, Soon());

        Assert.Equal("HTTP/1.1 401 Unauthorized", await call.ReadLineAsync(Soon()));
    }

    /// <summary>Asks before it sends the body (RFC 9110 §10.1.1): the portal says "100 Continue" when it begins to read one.</summary>
    private static async Task<StreamReader> SendHeadAsync(PortalHost portal, string? token)
    {
        var address = portal.Http.BaseAddress!;
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Soon());
        var authorization = token is null ? "" : $"Authorization: Bearer {token}\r\n";
        await client
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"POST {AgentApi.Hello} HTTP/1.1\r\nHost: {address.Authority}\r\n{authorization}Expect: 100-continue\r\n"
                        + $"Content-Type: application/json\r\nContent-Length: {Hello.Length}\r\n\r\n"
                ),
                Soon()
            );
        return new StreamReader(client.GetStream(), Encoding.ASCII);
    }

    private static async Task<HttpStatusCode> StatusAsync(TestAgent agent, byte[] body, string token)
    {
        using var answer = await agent.SendAsync(AgentApi.Hello, body, token);
        return answer.StatusCode;
    }

    private static CancellationToken Soon() => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;
}
