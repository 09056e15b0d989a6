using Agent;
using Agent.DirectorySync;
using Agent.DirectorySync.Groups;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.Writeback;

namespace PortalApp.Tests.DirectorySync;

/// <summary>Groups as the agent reads them from a real directory.</summary>
public sealed class ForestGroupTests(ForestFixture forests) : IAsyncDisposable
{
    private readonly AgentPortal portal = new();
    private readonly SyncDatabase database = SyncAccounts.NewDatabase();
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
    public async Task Whoever_is_in_it_through_groups_in_a_circle_or_by_their_primary_group_is_in_it()
    {
        await StartAsync();
        var (outer, inner) = (NewGroup("Chain, outer"), NewGroup("Chain (inner)"));
        var (direct, nested, primary) = (NewAccount("Direct"), NewAccount("Nested"), NewAccount("Primary"));
        forest!.Admin.AddToGroup(outer, direct.Dn);
        forest.Admin.AddToGroup(outer, inner);
        forest.Admin.AddToGroup(inner, outer);
        forest.Admin.AddToGroup(inner, nested.Dn);
        forest.Admin.AddToGroup(inner, primary.Dn);
        var rid = forest.Admin.Sid(inner).Split('-')[^1];
        forest.Admin.SetAttribute(primary.Dn, "primaryGroupID", rid);
        forest.Admin.AddToGroup(inner, ForestPopulation.NoRights.Dn);

        var group = Assert.IsType<ForestReading.Group>(Assert.Single(await ReadAsync(outer))).Found;

        Assert.Equal("Chain, outer", group.Name);
        Assert.Equal(new[] { direct, nested, primary }.Select(Anchor).Order(), group.Members.Order());
    }

    [Fact]
    public async Task A_group_that_is_renamed_and_moved_is_followed_by_its_object_id_and_one_that_is_deleted_is_not_found()
    {
        await StartAsync();
        var listed = NewGroup("Before");
        var (before, members) = (Assert.IsType<ForestReading.Group>(Assert.Single(await ReadAsync(listed))).Found, NewAccount("Mover"));
        await database.Imports().ImportAsync("corp.test", Readings(new ForestReading.Group(before)), TestContext.Current.CancellationToken);
        forest!.Admin.AddToGroup(listed, members.Dn);

        forest.Admin.Move(listed, Forest.StaffDn, "CN=After");
        var after = Assert.IsType<ForestReading.Group>(Assert.Single(await ReadAsync(listed))).Found;

        Assert.Equal((before.ObjectGuid, "After", listed), (after.ObjectGuid, after.Name, after.Listed));
        Assert.Equal([Anchor(members)], after.Members);

        forest.Admin.Delete($"CN=After,{Forest.StaffDn}");
        Assert.Equal(new ForestReading.GroupNotFound(listed), Assert.Single(await ReadAsync(listed)));
    }

    [Fact]
    public async Task What_is_listed_and_is_no_group_is_named_and_the_others_are_read()
    {
        await StartAsync();

        var readings = await ReadAsync(ForestPopulation.User.Dn, ForestPopulation.StaffGroupDn);

        Assert.Equal(new ForestReading.GroupUnread(ForestPopulation.User.Dn, "It is no group."), readings[0]);
        Assert.Equal(
            new[] { ForestPopulation.User2, ForestPopulation.User3 }.Select(Anchor).Order(),
            Assert.IsType<ForestReading.Group>(readings[1]).Found.Members.Order()
        );
    }

    private async Task StartAsync()
    {
        forest = await forests.StartedAsync();
        agent = new(new AgentSetup("https://portal.test", forest), portal);
    }

    private async Task<List<ForestReading>> ReadAsync(params string[] groups)
    {
        var options = new AgentOptions
        {
            Directory = new()
            {
                Connector = "corp.test",
                BaseDn = Forest.BaseDn,
                Scopes = [Forest.StaffDn],
                Groups = groups,
            },
        };
        var reader = new GroupReader(agent!.Directory, options, new(database));
        return await reader.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
    }

    private static IAsyncEnumerable<ForestReading> Readings(params ForestReading[] readings) =>
        readings.Prepend(new ForestReading.Account(SyncAccounts.New(1))).ToAsyncEnumerable();

    private string Anchor(ForestAccount account) => forest!.Admin.ObjectGuid(account.Dn).ToString("D");

    private ForestAccount NewAccount(string given)
    {
        var account = ForestPopulation.User with { Given = given, Surname = "Groep" };
        forest!.Admin.AddAccount(account);
        return account;
    }

    private string NewGroup(string name)
    {
        var dn = $"CN={name.Replace(",", "\\,", StringComparison.Ordinal)},{ForestPopulation.GroupsOu},{Forest.BaseDn}";
        forest!.Admin.Add(dn, ("objectClass", "group"), ("sAMAccountName", name.Replace(",", "", StringComparison.Ordinal)));
        return dn;
    }
}
