using Agent.DirectorySync.Links;
using Portal.Policy;
using Portal.Writeback;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Writeback;

public sealed class AgentResetTests(ForestFixture forests) : IAsyncDisposable
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

    [Theory]
    [Trait("Case", "H55")]
    [Trait("Case", "H56")]
    [Trait("Case", "H114")]
    [InlineData("Plain", "Lantern-Harbour-77")]
    [InlineData("Shell", "$(touch x);`id`|&& rm -rf ~ > 'Aa' \\\\ #77")]
    [InlineData("Cyrillic", "Фонарь-гавань-77")]
    [InlineData("Chinese", "灯笼港口一二三四-Aa7")]
    [InlineData("Emoji", "Lantern-🔑-Harbour-77")]
    [InlineData("Quoted", " \"Lantern\" 'Harbour' 77 ")]
    [InlineData("Decomposed", "Cafe\u0301-Harbour-Aa-77")]
    public async Task A_new_password_binds_and_the_old_one_does_not(string name, string password)
    {
        var account = await StartAsync(name);
        var before = agent!.Setup.Forest.Admin.WriteCount(account.Dn);

        var result = await agent.ResetAsync(account.Dn, password);

        Assert.Equal(new WritebackResult.Applied(Unlocked: false), result);
        Assert.True(agent.Setup.Forest.Admin.Bind(account.Upn, password).Accepted);
        Assert.False(agent.Setup.Forest.Admin.Bind(account.Upn, account.Password).Accepted);
        Assert.Equal(before + 1, agent.Setup.Forest.Admin.WriteCount(account.Dn));
    }

    [Fact]
    [Trait("Case", "H55")]
    public async Task The_longest_password_binds()
    {
        var account = await StartAsync("Longest");
        var password = string.Concat(Enumerable.Repeat("Lantern-", 32));

        Assert.Equal(new WritebackResult.Applied(false), await agent!.ResetAsync(account.Dn, password));
        Assert.True(agent.Setup.Forest.Admin.Bind(account.Upn, password).Accepted);
    }

    [Fact]
    public async Task A_reset_unlocks_in_the_same_modify()
    {
        var account = await StartAsync("LockedOut");
        agent!.Setup.Forest.Admin.LockOut(account.Dn);
        Assert.Equal("775", agent.Setup.Forest.Admin.Bind(account.Upn, account.Password).DataCode);

        Assert.IsType<WritebackResult.Settable>(await agent.CheckAsync(account.Dn));
        Assert.Equal(new WritebackResult.Applied(Unlocked: true), await agent.ResetAsync(account.Dn, "Lantern-Harbour-77"));
        Assert.True(agent.Setup.Forest.Admin.Bind(account.Upn, "Lantern-Harbour-77").Accepted);
    }

    [Theory]
    [Trait("Case", "H65")]
    [InlineData("Short-77", WritebackReason.TooShort)]
    [InlineData("onlysmallletters", WritebackReason.NotComplex)]
    public async Task The_directory_says_which_rule_was_broken_and_the_old_password_stands(string password, WritebackReason reason)
    {
        var account = await StartAsync($"Refused{reason}");

        var result = await agent!.ResetAsync(account.Dn, password);

        Assert.Equal(reason, Assert.IsType<WritebackResult.Rejected>(result).Reason);
        Assert.True(agent.Setup.Forest.Admin.Bind(account.Upn, account.Password).Accepted);
    }

    [Fact]
    public async Task A_check_tells_the_rules_and_writes_nothing()
    {
        var account = await StartAsync("Checked");
        var before = agent!.Setup.Forest.Admin.WriteCount(account.Dn);

        var rules = Assert.IsType<WritebackResult.Settable>(await agent.CheckAsync(account.Dn)).Rules;

        Assert.Equal((PolicySource.Domain, 12, true, false), (rules.Source, rules.MinimumLength, rules.Complexity, rules.HistoryEnforced));
        Assert.Empty(rules.Names);
        Assert.Null(rules.ChangeableFrom);
        Assert.Equal(before, agent.Setup.Forest.Admin.WriteCount(account.Dn));
        Assert.Equal(0, portal.Claims);
        // Samba leaves the rule about names out, and so does the page.
        Assert.Equal(new WritebackResult.Applied(false), await agent.ResetAsync(account.Dn, "Checked-Testfall-41"));
    }

    [Fact]
    public async Task A_check_tells_the_fine_grained_rules_that_apply()
    {
        await StartAsync("FineGrained");

        var rules = Assert.IsType<WritebackResult.Settable>(await agent!.CheckAsync(ForestPopulation.LongPassword.Dn)).Rules;

        Assert.Equal(
            (PolicySource.FineGrained, "Long passwords", 16, 24),
            (rules.Source, rules.PolicyName, rules.MinimumLength, rules.HistoryLength)
        );
    }

    [Fact]
    public async Task An_account_that_the_agent_has_no_right_to_is_said_so_before_a_password_is_typed()
    {
        await StartAsync("NoRight", setup => setup with { Scopes = [Forest.BaseDn] });
        var account = ForestPopulation.NoRights;
        var before = agent!.Setup.Forest.Admin.WriteCount(account.Dn);

        Assert.Equal(WritebackReason.NoRight, Assert.IsType<WritebackResult.NotAttempted>(await agent.CheckAsync(account.Dn)).Reason);
        Assert.Equal(
            WritebackReason.NoRight,
            Assert.IsType<WritebackResult.Rejected>(await agent.ResetAsync(account.Dn, "Lantern-Harbour-77")).Reason
        );
        Assert.Equal(before, agent.Setup.Forest.Admin.WriteCount(account.Dn));
    }

    [Fact]
    [Trait("Case", "H31")]
    public async Task An_account_disabled_after_the_check_is_not_set()
    {
        var account = await StartAsync("DisabledLater");
        Assert.IsType<WritebackResult.Settable>(await agent!.CheckAsync(account.Dn));
        agent.Setup.Forest.Admin.SetAttribute(account.Dn, "userAccountControl", "514");

        await AssertRefusedAsync(account, WritebackReason.Disabled);
    }

    [Fact]
    [Trait("Case", "H31")]
    public async Task An_account_promoted_after_the_check_is_not_set()
    {
        var account = await StartAsync("PromotedLater");
        Assert.IsType<WritebackResult.Settable>(await agent!.CheckAsync(account.Dn));
        agent.Setup.Forest.Admin.AddToGroup($"CN=Domain Admins,CN=Users,{Forest.BaseDn}", account.Dn);

        await AssertRefusedAsync(account, WritebackReason.Protected);
    }

    [Fact]
    [Trait("Case", "H32")]
    public async Task An_account_deleted_and_made_again_is_another_one()
    {
        var account = await StartAsync("MadeAgain");
        var anchor = agent!.Link(account.Dn);
        agent.Setup.Forest.Admin.Delete(account.Dn);
        agent.Setup.Forest.Admin.AddAccount(account);

        var result = await agent.SendAsync(AgentUnderTest.Reset(anchor, "Lantern-Harbour-77"));

        Assert.Equal(WritebackReason.NotFoundOnPremises, Assert.IsType<WritebackResult.NotAttempted>(result).Reason);
        Assert.True(agent.Setup.Forest.Admin.Bind(account.Upn, account.Password).Accepted);
    }

    [Fact]
    public async Task A_missing_link_is_named_and_a_disabled_one_is_answered_from_the_live_account()
    {
        var account = await StartAsync("Linked");
        var guid = agent!.Setup.Forest.Admin.ObjectGuid(account.Dn);

        var missing = await agent.SendAsync(AgentUnderTest.Check(agent.Link(new LinkSearch.Missing("metaverse object"))));
        var disabled = await agent.SendAsync(
            AgentUnderTest.Check(
                agent.Link(new LinkSearch.DisabledOnly("corp.test", agent.Setup.Forest.Admin.ObjectGuid(ForestPopulation.Disabled.Dn)))
            )
        );
        var enabledAgain = await agent.SendAsync(AgentUnderTest.Check(agent.Link(new LinkSearch.DisabledOnly("corp.test", guid))));

        Assert.Equal(new WritebackResult.NotAttempted(WritebackReason.NotFoundOnPremises, "metaverse object"), missing);
        Assert.Equal(WritebackReason.Disabled, Assert.IsType<WritebackResult.NotAttempted>(disabled).Reason);
        Assert.Equal(
            new WritebackResult.NotAttempted(WritebackReason.NotFoundOnPremises, "In from AD – User AccountEnabled"),
            enabledAgain
        );
    }

    [Fact]
    public async Task An_account_of_another_connector_is_left_to_another_agent_and_nothing_is_said_of_it()
    {
        var account = await StartAsync("Elsewhere");
        var anchor = agent!.Link(new LinkSearch.Found("other.test", agent.Setup.Forest.Admin.ObjectGuid(account.Dn)));

        await AssertLeftAsync(anchor);

        Assert.True(agent.Setup.Forest.Admin.Bind(account.Upn, account.Password).Accepted);
    }

    [Fact]
    public async Task Before_its_first_synchronisation_the_agent_calls_nobody_not_found()
    {
        await StartAsync("NotSynchronised");
        var anchor = agent!.Link(new LinkSearch.Missing("cloud object"));
        agent.HasFilled = false;

        await AssertLeftAsync(anchor);

        agent.HasFilled = true;
        var told = await agent.SendAsync(AgentUnderTest.Reset(anchor, "Lantern-Harbour-77"));
        Assert.Equal(WritebackReason.NotFoundOnPremises, Assert.IsType<WritebackResult.NotAttempted>(told).Reason);
    }

    private async Task AssertLeftAsync(CloudAnchor anchor)
    {
        Assert.False(await agent!.Handler.HandleAsync(AgentUnderTest.Check(anchor), TestContext.Current.CancellationToken));
        Assert.False(
            await agent.Handler.HandleAsync(AgentUnderTest.Reset(anchor, "Lantern-Harbour-77"), TestContext.Current.CancellationToken)
        );
        Assert.Equal(0, portal.Claims);
        Assert.Empty(portal.Reports);
    }

    [Fact]
    [Trait("Case", "H58")]
    [Trait("Case", "H59")]
    public async Task Names_full_of_special_characters_are_only_names()
    {
        await StartAsync("Plainname");
        var forest = agent!.Setup.Forest;
        var account = ForestPopulation.User with { Given = "Weird", Surname = "*)(objectClass=*" };
        var dn = $"CN=\\ *\\,\\+x\\\"y\\\\z\\<\\>\\;\\#\\=)(cn\\=*,OU=Amsterdam,{Forest.StaffDn}";
        forest.Admin.Add(
            dn,
            ("objectClass", "user"),
            ("sAMAccountName", "weird-name"),
            ("userPrincipalName", "weird*)(name@corp.test"),
            ("displayName", account.DisplayName),
            ("unicodePwd", System.Text.Encoding.Unicode.GetBytes($"\"{account.Password}\"")),
            ("userAccountControl", "512")
        );
        var neighbour = ForestPopulation.User2;
        var before = forest.Admin.WriteCount(neighbour.Dn);

        Assert.Equal(new WritebackResult.Applied(false), await agent.ResetAsync(dn, "Lantern-Harbour-77"));

        Assert.True(forest.Admin.Bind("weird*)(name@corp.test", "Lantern-Harbour-77").Accepted);
        Assert.Equal(before, forest.Admin.WriteCount(neighbour.Dn));
    }

    [Fact]
    public async Task Health_is_the_directorys_own_answer()
    {
        await StartAsync("Healthy");

        Assert.IsType<WritebackResult.Healthy>(await agent!.SendAsync(AgentUnderTest.Health()));
        Assert.True(await agent.Directory.ReadsWriteCounterAsync(TestContext.Current.CancellationToken));
    }

    private async Task AssertRefusedAsync(ForestAccount account, WritebackReason reason)
    {
        var before = agent!.Setup.Forest.Admin.WriteCount(account.Dn);

        var result = await agent.ResetAsync(account.Dn, "Lantern-Harbour-77");

        Assert.Equal(reason, Assert.IsType<WritebackResult.NotAttempted>(result).Reason);
        Assert.Equal(before, agent.Setup.Forest.Admin.WriteCount(account.Dn));
    }

    private async Task<ForestAccount> StartAsync(string given, Func<AgentSetup, AgentSetup>? change = null)
    {
        var forest = await forests.StartedAsync();
        var setup = new AgentSetup("https://portal.test", forest);
        agent = new(change?.Invoke(setup) ?? setup, portal);
        var account = ForestPopulation.User with { Given = given, Surname = "Testfall" };
        forest.Admin.AddAccount(account);
        // A forest that has just begun may let a first caller wait too long.
        await Eventually.TrueAsync(() => AgentControllersTests.ConnectsAsync(agent), TimeSpan.FromSeconds(30), "the directory");
        return account;
    }
}
