using Portal.Policy;
using Portal.Writeback;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Writeback;

/// <summary>An administrator's reset on a real directory.</summary>
public sealed class AgentAdministratorResetTests(ForestFixture forests) : IAsyncDisposable
{
    private const string Temporary = "Kmb7-Xqr4-Wfn8-Hta3";
    private const string AgentDn = $"CN=svc-portal-agent,{ForestPopulation.ServiceAccountsOu},{Forest.BaseDn}";
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
    public async Task Its_owner_has_to_change_it_at_the_next_sign_in()
    {
        var (forest, account) = await StartAsync("Temporary");
        Assert.False(Assert.IsType<WritebackResult.Settable>(await agent!.CheckAsync(account.Dn)).NeverExpires);

        Assert.Equal(new WritebackResult.Applied(false), await SetAsync(account, mustChange: true));

        Assert.Equal("0", forest.Admin.Read(account.Dn, "pwdLastSet"));
        Assert.Equal("773", forest.Admin.Bind(account.Upn, Temporary).DataCode);
        Assert.Equal("52e", forest.Admin.Bind(account.Upn, account.Password).DataCode);
    }

    [Fact]
    public async Task An_account_that_cannot_be_made_to_change_it_is_told_before()
    {
        var (forest, account) = await StartAsync("ForGood");
        forest.Admin.SetAttribute(account.Dn, "userAccountControl", "66048");

        Assert.True(Assert.IsType<WritebackResult.Settable>(await agent!.CheckAsync(account.Dn)).NeverExpires);
        Assert.Equal(new WritebackResult.Applied(false), await SetAsync(account, mustChange: false));
        Assert.True(forest.Admin.Bind(account.Upn, Temporary).Accepted);
    }

    [Fact]
    public async Task Where_the_agent_may_not_require_the_change_nothing_is_set_and_explain_names_the_right()
    {
        var (forest, account) = await StartAsync("NoRequire");
        await ForestTemplate.GrantAsync(
            forest.Folder,
            account.Dn,
            $"(OD;;WP;{ForestTemplate.PasswordSet};;{forest.Admin.Sid(AgentDn)})",
            TestContext.Current.CancellationToken
        );

        Assert.Equal(WritebackReason.NoRight, (await SetAsync(account, mustChange: true)).Why);
        Assert.True(forest.Admin.Bind(account.Upn, account.Password).Accepted);

        var explained = await agent!.Explanation.ExplainAsync(
            new(forest.Admin.ObjectGuid(account.Dn), agent.Link(account.Dn)),
            TestContext.Current.CancellationToken
        );
        Assert.Contains("RPWP;pwdLastSet;user", Assert.Single(explained, link => !link.IsThere).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H105")]
    public async Task A_portal_that_asks_it_for_a_protected_account_is_refused()
    {
        var (forest, account) = await StartAsync("KeptSafe");
        forest.Admin.AddToGroup($"CN=Domain Admins,CN=Users,{Forest.BaseDn}", account.Dn);

        Assert.Equal(WritebackReason.Protected, (await SetAsync(account, mustChange: true)).Why);
        Assert.True(forest.Admin.Bind(account.Upn, account.Password).Accepted);
    }

    private Task<WritebackResult> SetAsync(ForestAccount account, bool mustChange) =>
        agent!.SendAsync(
            new WritebackRequest.AdministratorReset(
                AgentUnderTest.Header(),
                agent.Link(account.Dn),
                NewPassword.TryCreate(Temporary)!,
                mustChange
            )
        );

    private async Task<(Forest, ForestAccount)> StartAsync(string given)
    {
        var forest = await forests.StartedAsync();
        agent = new(new AgentSetup("https://portal.test", forest), portal);
        var account = ForestPopulation.User with { Given = given, Surname = "Tijdelijk" };
        forest.Admin.AddAccount(account);
        return (forest, account);
    }
}
