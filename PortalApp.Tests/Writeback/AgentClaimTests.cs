using Portal.Writeback;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Writeback;

/// <summary>What the agent says of a request that it could not be sure to have been granted.</summary>
public sealed class AgentClaimTests(ForestFixture forests)
{
    [Fact]
    [Trait("Case", "H84")]
    public async Task A_grant_whose_answer_was_lost_ends_as_not_attempted_and_is_no_copys()
    {
        var forest = await forests.StartedAsync();
        var account = ForestPopulation.User with { Given = "LostGrant", Surname = "Claim" };
        forest.Admin.AddAccount(account);
        var before = forest.Admin.WriteCount(account.Dn);
        var portal = new AgentPortal { LosesGrant = true };
        await using var agent = new AgentUnderTest(new AgentSetup("https://portal.test", forest), portal);

        var result = await agent.ResetAsync(account.Dn, "Quiet-Harbour-77");
        await agent.Recovery.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(WritebackReason.NotGranted, Assert.IsType<WritebackResult.NotAttempted>(result).Reason);
        Assert.Equal(before, forest.Admin.WriteCount(account.Dn));
        Assert.Empty(portal.Alarms);
    }
}
