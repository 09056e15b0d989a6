using Portal.Agents;
using Portal.Writeback;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Writeback;

/// <summary>What the agent says of a request that it could not be sure to have been granted, or that a copy of it was granted.</summary>
public sealed class AgentClaimTests(ForestFixture forests) : IAsyncLifetime
{
    private const string Password = "Quiet-Harbour-77";
    private readonly AgentPortal portal = new();
    private AgentUnderTest agent = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => agent = new(new AgentSetup("https://portal.test", await forests.StartedAsync()), portal);

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync();
        portal.Dispose();
    }

    [Fact]
    [Trait("Case", "H84")]
    public async Task A_grant_whose_answer_was_lost_ends_as_not_attempted_and_is_no_copys()
    {
        var account = Add("LostGrant");
        var before = agent.Setup.Forest.Admin.WriteCount(account.Dn);
        portal.LosesGrant = true;

        var result = await agent.ResetAsync(account.Dn, Password);
        await agent.Recovery.RunAsync(Ct);

        Assert.Equal(WritebackReason.NotGranted, Assert.IsType<WritebackResult.NotAttempted>(result).Reason);
        Assert.Equal(before, agent.Setup.Forest.Admin.WriteCount(account.Dn));
        Assert.Empty(portal.Alarms);
    }

    [Fact]
    [Trait("Case", "H76")]
    [Trait("Case", "H82")]
    public async Task A_grant_that_this_agent_never_asked_for_is_an_alarm_and_after_a_lost_journal_unknown()
    {
        var (lost, foreign) = (RequestId.New(), RequestId.New());

        portal.GrantedEarlier = [lost.Value];
        await agent.Recovery.RunAsync(Ct);
        await Eventually.TrueAsync(() => portal.OutcomeOf(lost) is WritebackResult.Unknown, TimeSpan.FromSeconds(30), "the outcome", Ct);
        await agent.Recovery.RunAsync(Ct);
        Assert.Empty(portal.Alarms);

        portal.GrantedEarlier = [foreign.Value];
        await agent.Recovery.RunAsync(Ct);
        Assert.Null(portal.OutcomeOf(foreign));
        Assert.Equal([AlarmKind.Copy], portal.Alarms.Select(alarm => alarm.Kind));
    }

    [Fact]
    [Trait("Case", "H76")]
    [Trait("Case", "H82")]
    public async Task What_a_copy_was_granted_is_not_answered_for_by_one_that_only_asked_for_it()
    {
        await agent.Recovery.RunAsync(Ct);
        var request = AgentUnderTest.Reset(agent.Link(Add("Twin").Dn), Password);
        portal.GrantToCopy(request.Id);

        await agent.Handler.HandleAsync(request, Ct);
        await agent.DisposeAsync();
        agent = new(agent.Setup, portal, agent.Folder);
        await agent.Recovery.RunAsync(Ct);

        Assert.Equal(1, portal.Claims);
        Assert.Null(portal.OutcomeOf(request.Id));
        Assert.Equal([AlarmKind.Copy], portal.Alarms.Select(alarm => alarm.Kind));
    }

    private ForestAccount Add(string given)
    {
        var account = ForestPopulation.User with { Given = given, Surname = "Claim" };
        agent.Setup.Forest.Admin.AddAccount(account);
        return account;
    }
}
