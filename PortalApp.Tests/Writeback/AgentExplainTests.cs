using Portal.Writeback;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Writeback;

/// <summary>What the portal is told of an account when it asks for it all: on a real directory, and nothing is set.</summary>
public sealed class AgentExplainTests(ForestFixture forests) : IAsyncDisposable
{
    private readonly AgentPortal portal = new();
    private AgentUnderTest? agent;

    public async ValueTask DisposeAsync()
    {
        if (agent is not null)
        {
            await agent.DisposeAsync();
        }

        portal.Dispose();
    }

    [Fact]
    public async Task The_links_the_check_and_the_account_as_it_is_are_told_and_nothing_is_set_or_claimed()
    {
        var (forest, account) = await StartAsync("ToldAll");
        forest.Admin.LockOut(account.Dn);

        var told = Assert.IsType<WritebackResult.Explained>(await ExplainAsync(agent!.Link(account.Dn)));

        Assert.All(told.Links, link => Assert.True(link.IsThere));
        Assert.Equal("Cloud anchor", told.Links[0].Name);
        Assert.NotNull(told.Rules);
        Assert.Equal((account.Dn, true, true), (told.Account!.Dn, told.Account.Enabled, told.Account.Locked));
        Assert.NotNull(told.Account.LockedSince);
        Assert.NotNull(told.Account.PasswordSetAt);
        Assert.Equal(0, portal.Claims);
        forest.Admin.Unlock(account.Dn);
        Assert.True(forest.Admin.Bind(account.Upn, account.Password).Accepted);
    }

    [Fact]
    [Trait("Case", "H105")]
    public async Task What_stands_in_the_way_is_told_with_its_remedy_and_an_account_that_is_not_there_has_no_facts()
    {
        var (forest, account) = await StartAsync("ToldWhy");
        forest.Admin.SetAttribute(account.Dn, "adminCount", "1");

        var told = Assert.IsType<WritebackResult.Explained>(await ExplainAsync(agent!.Link(account.Dn)));
        var missing = Assert.IsType<WritebackResult.Explained>(await ExplainAsync(CloudAnchor.New()));

        var why = Assert.Single(told.Links, link => !link.IsThere);
        Assert.Contains("ProtectedOnce", why.Detail, StringComparison.Ordinal);
        Assert.Contains("-Clear adminCount", why.Remedy, StringComparison.Ordinal);
        Assert.Null(told.Rules);
        Assert.Equal(account.Dn, told.Account!.Dn);
        Assert.Null(missing.Account);
        Assert.Contains("NotFoundOnPremises", Assert.Single(missing.Links, link => !link.IsThere).Detail, StringComparison.Ordinal);
    }

    private Task<WritebackResult> ExplainAsync(CloudAnchor anchor) =>
        agent!.SendAsync(new WritebackRequest.Explain(AgentUnderTest.Header(), anchor));

    private async Task<(Forest, ForestAccount)> StartAsync(string given)
    {
        var forest = await forests.StartedAsync();
        agent = new(new AgentSetup("https://portal.test", forest), portal);
        var account = ForestPopulation.User with { Given = given, Surname = "Auskunft" };
        forest.Admin.AddAccount(account);
        return (forest, account);
    }
}
