using Portal.Writeback;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Writeback;

/// <summary>What the agent's account may do on one account decides before anybody types: on a real directory, with real access control entries.</summary>
public sealed class AgentRightsTests(ForestFixture forests) : IAsyncDisposable
{
    private const string UserAccountControl = "bf967a68-0de6-11d0-a285-00aa003049e2";
    private const string NewPassword = "Lantern-Harbour-77";
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
    public async Task A_lock_that_the_agent_may_not_end_is_told_before_typing_and_the_password_is_set_without_it()
    {
        var (forest, account) = await StartAsync("LockStays");
        await DenyAsync(forest, account, $"(OD;;WP;{ForestTemplate.LockoutTime};;{AgentSid(forest)})");
        Assert.False(Assert.IsType<WritebackResult.Settable>(await agent!.CheckAsync(account.Dn)).StaysLocked);

        forest.Admin.LockOut(account.Dn);
        Assert.True(Assert.IsType<WritebackResult.Settable>(await agent.CheckAsync(account.Dn)).StaysLocked);
        var told = Assert.Single(agent.Log.Of(42016));
        Assert.Contains(account.Dn, told, StringComparison.Ordinal);
        Assert.Contains($"dsacls \"{Forest.StaffDn}\" /I:S /G \"{Forest.AgentUpn}:RPWP;lockoutTime;user\"", told, StringComparison.Ordinal);

        Assert.Equal(new WritebackResult.Applied(Unlocked: false, StaysLocked: true), await agent.ResetAsync(account.Dn, NewPassword));
        Assert.Equal("775", forest.Admin.Bind(account.Upn, NewPassword).DataCode);
        forest.Admin.Unlock(account.Dn);
        Assert.True(forest.Admin.Bind(account.Upn, NewPassword).Accepted);
    }

    [Fact]
    public async Task A_missing_right_to_reset_is_named()
    {
        var (forest, account) = await StartAsync("NoReset");
        await DenyAsync(forest, account, $"(OD;;CR;{ForestTemplate.ResetPassword};;{AgentSid(forest)})");

        var refused = Assert.IsType<WritebackResult.NotAttempted>(await agent!.CheckAsync(account.Dn));

        Assert.Equal(WritebackReason.NoRight, refused.Reason);
        Assert.Contains("Reset Password", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_says_what_the_check_says_with_the_remedy()
    {
        var (forest, account) = await StartAsync("Explained");
        Assert.All(await ExplainAsync(account), link => Assert.True(link.IsThere));

        await DenyAsync(forest, account, $"(OD;;WP;{ForestTemplate.LockoutTime};;{AgentSid(forest)})");
        forest.Admin.LockOut(account.Dn);
        var locked = Assert.Single(await ExplainAsync(account), link => !link.IsThere);
        Assert.Contains("RPWP;lockoutTime;user", locked.Remedy, StringComparison.Ordinal);
        forest.Admin.Unlock(account.Dn);

        forest.Admin.SetAttribute(account.Dn, "adminCount", "1");
        await AssertMissingAsync(account, "ProtectedOnce (34017)", $"Set-ADObject -Identity '{account.Dn}' -Clear adminCount");
        forest.Admin.SetAttribute(account.Dn, "adminCount", "0");

        await DenyAsync(forest, account, $"(OD;;RP;{UserAccountControl};;{AgentSid(forest)})");
        await AssertMissingAsync(account, "userAccountControl", $"dsacls \"{Forest.StaffDn}\" /I:S /G \"{Forest.AgentUpn}:RP;;user\"");
    }

    [Fact]
    public async Task Explain_names_the_right_to_reset_that_is_missing()
    {
        var (forest, account) = await StartAsync("ExplainedReset");
        await DenyAsync(forest, account, $"(OD;;CR;{ForestTemplate.ResetPassword};;{AgentSid(forest)})");

        await AssertMissingAsync(
            account,
            "Reset Password",
            $"dsacls \"{Forest.StaffDn}\" /I:S /G \"{Forest.AgentUpn}:CA;Reset Password;user\""
        );
    }

    private async Task AssertMissingAsync(ForestAccount account, string detail, string remedy)
    {
        var missing = Assert.Single(await ExplainAsync(account), link => !link.IsThere);
        Assert.Contains(detail, missing.Detail, StringComparison.Ordinal);
        Assert.Contains(remedy, missing.Remedy, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<ExplainedLink>> ExplainAsync(ForestAccount account) =>
        agent!.Explanation.ExplainAsync(
            new(agent.Setup.Forest.Admin.ObjectGuid(account.Dn), agent.Link(account.Dn)),
            TestContext.Current.CancellationToken
        );

    private static Task DenyAsync(Forest forest, ForestAccount account, string entries) =>
        ForestTemplate.GrantAsync(forest.Folder, account.Dn, entries, TestContext.Current.CancellationToken);

    private static string AgentSid(Forest forest) =>
        forest.Admin.Sid($"CN=svc-portal-agent,{ForestPopulation.ServiceAccountsOu},{Forest.BaseDn}");

    private async Task<(Forest, ForestAccount)> StartAsync(string given)
    {
        var forest = await forests.StartedAsync();
        agent = new(new AgentSetup("https://portal.test", forest), portal);
        var account = ForestPopulation.User with { Given = given, Surname = "Rechte" };
        forest.Admin.AddAccount(account);
        return (forest, account);
    }
}
