using System.Text;
using Portal.Writeback;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Writeback;

/// <summary>What a portal that has been taken over cannot have (M8): each on a real directory, with the right to do it where Samba allows one to give it.</summary>
public sealed class AgentProtectedTests(ForestFixture forests) : IAsyncDisposable
{
    private const string DomainAdmins = $"CN=Domain Admins,CN=Users,{Forest.BaseDn}";
    private readonly AgentPortal portal = new();
    private AgentUnderTest? agent;
    private Forest? forest;

    public async ValueTask DisposeAsync()
    {
        if (agent is not null)
        {
            await agent.DisposeAsync();
        }

        portal.Dispose();
    }

    [Fact]
    [Trait("Case", "H103")]
    public async Task A_member_of_a_protected_group_through_ten_groups_in_a_cycle_is_refused()
    {
        var account = await StartAsync("Nested");
        var groups = Enumerable.Range(0, 10).Select(i => NewGroup($"Nest {i}")).ToArray();
        forest!.Admin.AddToGroup(groups[0], account.Dn);
        for (var i = 1; i < groups.Length; i++)
        {
            forest.Admin.AddToGroup(groups[i], groups[i - 1]);
        }

        forest.Admin.AddToGroup(groups[0], groups[5]);
        Assert.IsType<WritebackResult.Settable>(await agent!.CheckAsync(account.Dn));

        forest.Admin.AddToGroup($"CN=Backup Operators,CN=Builtin,{Forest.BaseDn}", groups[9]);
        await AssertRefusedAsync(account.Dn, WritebackReason.Protected);

        forest.Admin.RemoveFromGroup($"CN=Backup Operators,CN=Builtin,{Forest.BaseDn}", groups[9]);
        forest.Admin.AddToGroup(DomainAdmins, groups[9]);
        await AssertRefusedAsync(account.Dn, WritebackReason.Protected);
        forest.Admin.RemoveFromGroup(DomainAdmins, groups[9]);
    }

    [Fact]
    [Trait("Case", "H103")]
    public async Task A_protected_primary_group_is_refused()
    {
        var account = await StartAsync("PrimaryGroup");
        forest!.Admin.AddToGroup(DomainAdmins, account.Dn);
        forest.Admin.SetAttribute(account.Dn, "primaryGroupID", "512");

        await AssertRefusedAsync(account.Dn, WritebackReason.Protected);
    }

    [Fact]
    [Trait("Case", "H103")]
    public async Task An_account_that_was_an_administrator_once_is_refused()
    {
        var account = await StartAsync("AdminCount");
        forest!.Admin.SetAttribute(account.Dn, "adminCount", "1");

        await AssertRefusedAsync(account.Dn, WritebackReason.ProtectedOnce);
    }

    [Theory]
    [InlineData("accountExpires", "133000000000000000", WritebackReason.AccountExpired)]
    [InlineData("userAccountControl", "262656", WritebackReason.SmartCardRequired)]
    public async Task An_account_that_a_password_does_not_let_in_is_refused(string attribute, string value, WritebackReason reason)
    {
        var account = await StartAsync($"Shut{reason}");
        Assert.IsType<WritebackResult.Settable>(await agent!.CheckAsync(account.Dn));
        forest!.Admin.SetAttribute(account.Dn, attribute, value);

        await AssertRefusedAsync(account.Dn, reason);
    }

    [Fact]
    [Trait("Case", "H66")]
    [Trait("Case", "H105")]
    public async Task No_machine_no_built_in_account_and_not_the_agent_itself()
    {
        await StartAsync("Anyone", setup => setup with { Scopes = [Forest.BaseDn] });
        forest!.Admin.Add(
            $"CN=PC1,{Forest.StaffDn}",
            ("objectClass", "computer"),
            ("sAMAccountName", "PC1$"),
            ("unicodePwd", Encoding.Unicode.GetBytes("\"Tulip-Bridge-4471\"")),
            ("userAccountControl", "4096")
        );

        await AssertRefusedAsync($"CN=PC1,{Forest.StaffDn}", WritebackReason.Protected);
        await AssertRefusedAsync($"CN=krbtgt,CN=Users,{Forest.BaseDn}", WritebackReason.Protected);
        await AssertRefusedAsync($"CN=Administrator,CN=Users,{Forest.BaseDn}", WritebackReason.Protected);
        await AssertRefusedAsync($"CN=DC1,OU=Domain Controllers,{Forest.BaseDn}", WritebackReason.Protected);
        await AssertRefusedAsync($"CN=svc-portal-agent,{ForestPopulation.ServiceAccountsOu},{Forest.BaseDn}", WritebackReason.Protected);
    }

    [Fact]
    [Trait("Case", "H105")]
    public async Task What_lies_outside_the_agents_scopes_is_refused()
    {
        await StartAsync("Inside", setup => setup with { Scopes = [$"ou=amsterdam, ou=STAFF,{Forest.BaseDn}"] });

        Assert.IsType<WritebackResult.Settable>(await agent!.CheckAsync(ForestPopulation.User.Dn));
        await AssertRefusedAsync(ForestPopulation.User2.Dn, WritebackReason.OutOfScope);
        await AssertRefusedAsync(ForestPopulation.Other[0].Dn, WritebackReason.OutOfScope);
    }

    [Fact]
    [Trait("Case", "H105")]
    public async Task The_agents_own_list_names_accounts_groups_and_units()
    {
        var byName = await StartAsync("ListedName");
        var (bySid, byUpn, byGroup) = (NewAccount("ListedSid"), NewAccount("ListedUpn"), NewAccount("ListedGroup"));
        var group = NewGroup("Directors");
        forest!.Admin.AddToGroup(group, byGroup.Dn);
        await RestartAsync(setup =>
            setup with
            {
                Protected = [byName.Dn.ToUpperInvariant(), forest.Admin.Sid(bySid.Dn), byUpn.Upn, group, $"OU=Finance,{Forest.StaffDn}"],
            }
        );

        foreach (var listed in new[] { byName, bySid, byUpn, byGroup, ForestPopulation.User3 })
        {
            await AssertRefusedAsync(listed.Dn, WritebackReason.Protected);
        }

        Assert.IsType<WritebackResult.Settable>(await agent!.CheckAsync(ForestPopulation.User.Dn));
    }

    [Theory]
    [Trait("Case", "H103")]
    [InlineData("CN=No Such Group,DC=corp,DC=test")]
    [InlineData("nobody@corp.test")]
    [InlineData("*@corp.test")]
    public async Task An_entry_of_the_list_that_is_not_found_refuses_everybody(string entry)
    {
        await StartAsync($"Unfound{entry.Length}", setup => setup with { Protected = [entry] });

        await AssertRefusedAsync(ForestPopulation.User.Dn, WritebackReason.DirectoryMisconfigured);
    }

    [Fact]
    public async Task An_entry_of_the_list_that_is_not_found_is_named_at_the_start_and_at_each_sync()
    {
        var account = await StartAsync("Watched");
        var gone = $"CN=No Such Unit,{Forest.BaseDn}";
        const string stranger = "S-1-5-21-1-2-3-4444";
        await RestartAsync(setup => setup with { Protected = [account.Upn, gone, stranger], SyncSeconds = 1 });

        await agent!.Watch.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => agent.Log.Of(42013).Count > 1, TimeSpan.FromSeconds(20), "the second look");
        await agent.Watch.StopAsync(TestContext.Current.CancellationToken);

        Assert.All(agent.Log.Of(42013), line => Assert.Contains($"protected: \"{gone}\" is not found", line, StringComparison.Ordinal));
        Assert.All(agent.Log.Of(42014), line => Assert.Contains($"protected: \"{stranger}\" is not found", line, StringComparison.Ordinal));
        Assert.Contains(gone, agent.Status.Current.ProtectedProblem, StringComparison.Ordinal);
        var refused = Assert.IsType<WritebackResult.NotAttempted>(await agent.CheckAsync(ForestPopulation.User.Dn));
        Assert.Contains($"protected: \"{gone}\"", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_is_found_whole_is_no_problem_and_a_strangers_number_refuses_nobody()
    {
        var account = await StartAsync("Found");
        await RestartAsync(setup => setup with { Protected = [account.Dn, "S-1-5-21-1-2-3-4444"] });
        agent!.Status.Protected("an entry that was mended since");

        await agent.Watch.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => agent.Status.Current.ProtectedProblem is null, TimeSpan.FromSeconds(20), "the first look");
        await agent.Watch.StopAsync(TestContext.Current.CancellationToken);

        Assert.Empty(agent.Log.Of(42013));
        Assert.IsType<WritebackResult.Settable>(await agent.CheckAsync(ForestPopulation.User.Dn));
    }

    private async Task AssertRefusedAsync(string dn, WritebackReason reason)
    {
        var before = forest!.Admin.WriteCount(dn);

        var check = await agent!.CheckAsync(dn);
        var reset = await agent.ResetAsync(dn, "Lantern-Harbour-77");

        Assert.Equal(reason, Assert.IsType<WritebackResult.NotAttempted>(check).Reason);
        Assert.Equal(reason, Assert.IsType<WritebackResult.NotAttempted>(reset).Reason);
        Assert.Equal(before, forest.Admin.WriteCount(dn));
    }

    private async Task<ForestAccount> StartAsync(string given, Func<AgentSetup, AgentSetup>? change = null)
    {
        forest = await forests.StartedAsync();
        await RestartAsync(change ?? (setup => setup));
        return NewAccount(given);
    }

    private async Task RestartAsync(Func<AgentSetup, AgentSetup> change)
    {
        if (agent is not null)
        {
            await agent.DisposeAsync();
        }

        agent = new(change(new AgentSetup("https://portal.test", forest!)), portal);
    }

    private ForestAccount NewAccount(string given)
    {
        var account = ForestPopulation.User with { Given = given, Surname = "Schutz" };
        forest!.Admin.AddAccount(account);
        return account;
    }

    private string NewGroup(string name)
    {
        var dn = $"CN={name},{ForestPopulation.GroupsOu},{Forest.BaseDn}";
        forest!.Admin.Add(dn, ("objectClass", "group"), ("sAMAccountName", name));
        return dn;
    }
}
