using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;
using PortalApp.Operator;
using PortalApp.Relay;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Throttle;

namespace PortalApp.Tests.Agents;

/// <summary>What the portal keeps of an agent's calls.</summary>
public sealed class PortalAgentSeenTests
{
    private static readonly byte[] Hello = JsonSerializer.SerializeToUtf8Bytes(new HelloRequest("1"), TestAgent.Json);

    [Fact]
    public async Task The_relay_keeps_places_for_the_network_of_an_agents_hello_from_the_first_moment_after_a_restart()
    {
        await using var before = await PortalHost.StartAsync();
        var agent = await before.EnrolAsync(await before.AddTenantAsync("corp.test"));

        await using var after = await PortalHost.StartAsync(beside: before);

        var network = NetworkPrefix.Of(IPAddress.Loopback);
        Assert.True(after.Services.GetRequiredService<AgentNetworks>().Contains(network));
        await before.RevokeAsync(agent.Id);
        await using var later = await PortalHost.StartAsync(beside: before);
        Assert.False(later.Services.GetRequiredService<AgentNetworks>().Contains(network));
    }

    [Theory]
    [InlineData(45, "its clock is 45 s ahead, so that the portal takes no call from it")]
    [InlineData(-100, "its clock is 100 s behind, so that the portal takes no call from it")]
    public async Task How_far_an_agents_clock_is_off_is_known_although_its_calls_are_refused_for_it(int ahead, string says)
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var late = agent.TokenFor(AgentApi.Hello, Hello, at: portal.Clock.GetUtcNow() + TimeSpan.FromSeconds(ahead));

        using var refused = await agent.SendAsync(AgentApi.Hello, Hello, late);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains(says, AgentSentences.Of(Assert.Single(await portal.AgentsOfAsync(tenant))), StringComparison.Ordinal);
        await agent.HelloAsync();
        Assert.DoesNotContain("its clock", AgentSentences.Of(Assert.Single(await portal.AgentsOfAsync(tenant))), StringComparison.Ordinal);
    }
}
