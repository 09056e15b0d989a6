using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Writeback;
using PortalApp.Data;
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
