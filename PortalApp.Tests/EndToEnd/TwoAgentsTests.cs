using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Writeback;
using PortalApp.Data;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users;
using PortalApp.Writeback;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.EndToEnd;

/// <summary>A tenant with two agents: each may serve, one writes.</summary>
[Collection(WorldCollection.Name)]
public sealed class TwoAgentsTests(World world)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Case", "H76")]
    public async Task Of_two_agents_one_writes_and_the_one_that_is_left_serves_alone()
    {
        var people = Enumerable.Range(0, 4).Select(_ => world.TakePerson()).ToArray();
        var before = people.Select(p => world.Forest.Admin.WriteCount(p.Dn)).ToArray();
        await using var second = await world.AddAgentAsync("second");
        await second.StartAsync(Cancellation);

        await Task.WhenAll(people.Select(p => ResetAsync(p, "Two-Agents-Run-1")));
        Assert.Equal(before.Select(count => count + 1), people.Select(p => world.Forest.Admin.WriteCount(p.Dn)));

        await world.Agent.Process!.KillAsync();
        try
        {
            await ResetAsync(people[0], "The-Second-Alone-2");
        }
        finally
        {
            await second.Process!.StopAsync(TimeSpan.FromSeconds(5));
            await world.StartAgentAsync();
        }

        await ResetAsync(people[1], "The-First-Alone-3");
        Assert.True(world.Forest.Admin.Bind(people[0].Upn, "The-Second-Alone-2").Accepted);
        Assert.True(world.Forest.Admin.Bind(people[1].Upn, "The-First-Alone-3").Accepted);
    }

    [Fact]
    [Trait("Case", "H6")]
    public async Task An_agent_of_another_connector_takes_no_request_and_does_not_stand_in_for_the_one_that_is_gone()
    {
        var person = world.TakePerson();
        await using var branch = await world.AddAgentAsync("branch", connector: "branch.test");
        await branch.StartAsync(Cancellation);

        await ResetAsync(person, "Beside-The-Branch-1");
        Assert.Equal(new HealthAnswer.Up(), await HealthAsync("branch.test"));

        await world.Agent.Process!.KillAsync();
        try
        {
            await world.WaitUntilDownAsync();
            Assert.Equal(new HealthAnswer.Up(), await HealthAsync("branch.test"));
            var listed = await world.Portal.OperateAsync("agent", "list", "--tenant", world.Tenant.ToString());
            Assert.Contains("branch.test: ready, 1 of 1 controllers answer", listed, StringComparison.Ordinal);
        }
        finally
        {
            await world.StartAgentAsync();
        }

        await ResetAsync(person, "Without-The-Branch-2");
        Assert.True(world.Forest.Admin.Bind(person.Upn, "Without-The-Branch-2").Accepted);
    }

    [Fact]
    public async Task An_agent_before_its_first_synchronisation_holds_no_receiver_and_others_serve()
    {
        var person = world.TakePerson();
        await using var late = await world.AddAgentAsync("late");
        using (var sync = world.HoldCall(Portal.Agents.AgentApi.Sync))
        {
            await late.LaunchAsync();
            await sync.ReachedAsync();
            await Eventually.TrueAsync(
                async () =>
                    (await late.StatusAsync(Cancellation)).LastWords.Contains(
                        "the first synchronisation has not been completed",
                        StringComparison.Ordinal
                    ),
                TimeSpan.FromSeconds(30),
                "the agent to wait for its first synchronisation",
                Cancellation
            );

            await ResetAsync(person, "Before-The-First-Run-1");
            Assert.DoesNotContain("[42001]", await File.ReadAllTextAsync(late.LogFile, Cancellation), StringComparison.Ordinal);
        }

        await late.WaitUntilReadyAsync(Cancellation);
        await late.Process!.KillAsync();
        await late.StartAsync(Cancellation);
        await ResetAsync(person, "After-The-First-Run-2");
        Assert.True(world.Forest.Admin.Bind(person.Upn, "After-The-First-Run-2").Accepted);
    }

    private Task<HealthAnswer> HealthAsync(string connector) =>
        world.Portal.Services.GetRequiredService<WritebackHealth>().AskAsync(world.Tenant, connector, Cancellation);

    private async Task ResetAsync(ForestAccount person, string password)
    {
        var services = world.Portal.Services;
        var id = Assert.IsType<RequestAdding.Added>(await services.SetPasswordAsync(await UserAsync(person), password)).Id;
        var result = await services.GetRequiredService<RequestWatch>().WaitAsync(world.Tenant, id, TimeSpan.FromSeconds(60), Cancellation);
        Assert.IsType<WritebackResult.Applied>(result);
    }

    private async Task<User> UserAsync(ForestAccount person)
    {
        var name = person.Upn.ToLowerInvariant();
        await using var db = await world
            .Portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>()
            .CreateDbContextAsync(Cancellation);
        return await db.Set<User>().AsNoTracking().SingleAsync(u => u.UserPrincipalName == name, Cancellation);
    }
}
