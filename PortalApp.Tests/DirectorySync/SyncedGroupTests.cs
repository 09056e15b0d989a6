using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;
using Portal.DirectorySync;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.DirectorySync;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users.Groups;

namespace PortalApp.Tests.DirectorySync;

/// <summary>Groups as an agent tells the portal of them.</summary>
public class SyncedGroupTests
{
    private const string Staff = "8f9619ff-8b86-d011-b42d-00c04fc964ff";

    [Fact]
    public async Task A_group_comes_with_whom_the_portal_knows_and_the_same_again_changes_nothing()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent) = await StartAsync(portal, people: 3);

        await TellAsync(agent, new SyncGroup(Staff, "Staff", [Anchor(1), Anchor(2), Anchor(99)]));
        await TellAsync(agent, new SyncGroup(Staff, "Staff", [Anchor(1), Anchor(2), Anchor(99)]));

        Assert.Equal(["person1", "person2"], await MembersAsync(portal, tenant));
        Assert.Equal(
            ["group Staff is there", "group Staff: 2 came, 0 left"],
            (await portal.AuditAsync(AuditEventId.GroupChanged)).Select(e => e.Detail)
        );
    }

    [Fact]
    public async Task A_rename_follows_the_object_id_and_whoever_left_is_out()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent) = await StartAsync(portal, people: 3);
        await TellAsync(agent, new SyncGroup(Staff, "Staff", [Anchor(1), Anchor(2)]));
        var before = Assert.Single(await ListAsync(portal, tenant)).Id;

        await TellAsync(agent, new SyncGroup(Staff, "Colleagues", [Anchor(2), Anchor(3)]));

        var after = Assert.Single(await ListAsync(portal, tenant));
        Assert.Equal((before, "Colleagues"), (after.Id, after.Name));
        Assert.Equal(["person2", "person3"], await MembersAsync(portal, tenant));
    }

    [Fact]
    public async Task A_part_says_who_is_in_it_between_its_bounds_and_nothing_of_the_others()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent) = await StartAsync(portal, people: 6);
        await TellAsync(agent, new SyncGroup(Staff, "Staff", [.. Enumerable.Range(1, 6).Select(Anchor)]));

        await TellAsync(agent, new SyncGroup(Staff, "Staff", [Anchor(4)], After: Anchor(2), Through: Anchor(4)));

        Assert.Equal(["person1", "person2", "person4", "person5", "person6"], await MembersAsync(portal, tenant));
    }

    [Fact]
    public async Task A_group_that_is_gone_goes_and_comes_back_as_the_same()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent) = await StartAsync(portal, people: 1);
        await TellAsync(agent, new SyncGroup(Staff, "Staff", [Anchor(1)]));
        var id = Assert.Single(await ListAsync(portal, tenant)).Id;

        await agent.CallAsync<SyncReport>(AgentApi.Sync, new SyncBatch("groups", 0, true, "corp.test", [], GoneGroups: [Staff]));
        Assert.Empty(await ListAsync(portal, tenant));
        Assert.Empty(await MembersAsync(portal, tenant));

        await TellAsync(agent, new SyncGroup(Staff, "Staff", [Anchor(1)]));
        Assert.Equal(id, Assert.Single(await ListAsync(portal, tenant)).Id);
        Assert.Equal(["person1"], await MembersAsync(portal, tenant));
    }

    [Fact]
    [Trait("Case", "H29")]
    public async Task Another_tenants_agent_neither_finds_nor_fills_a_group()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent) = await StartAsync(portal, people: 1);
        await TellAsync(agent, new SyncGroup(Staff, "Staff", [Anchor(1)]));
        var other = await portal.AddTenantAsync("other.test");
        var stranger = await portal.EnrolAsync(other);

        await TellAsync(stranger, new SyncGroup(Staff, "Stolen", [Anchor(1)]));
        await stranger.CallAsync<SyncReport>(AgentApi.Sync, new SyncBatch("groups", 0, true, "corp.test", [], GoneGroups: [Staff]));

        Assert.Equal("Staff", Assert.Single(await ListAsync(portal, tenant)).Name);
        Assert.Equal(["person1"], await MembersAsync(portal, tenant));
        Assert.Empty(await ListAsync(portal, other));
    }

    [Fact]
    public async Task A_group_without_a_name_or_an_id_is_told_so_and_too_many_members_are_refused()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent) = await StartAsync(portal, people: 0);

        var report = await TellAsync(agent, new SyncGroup(Staff, " ", []), new SyncGroup("S-1-5-21", "Staff", []));
        var (status, _) = await agent.CallAsync<SyncReport>(
            AgentApi.Sync,
            new SyncBatch(
                "groups",
                0,
                true,
                "corp.test",
                [],
                [],
                [new(Staff, "Staff", [.. Enumerable.Range(0, GroupImport.MaxMembers + 1).Select(Anchor)])]
            )
        );

        Assert.Equal([SyncErrors.NoGroupName, SyncErrors.NoAnchor], report.Groups!.Select(g => g.Error));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Empty(await ListAsync(portal, tenant));
    }

    private static async Task<(TenantId Tenant, TestAgent Agent)> StartAsync(PortalHost portal, int people)
    {
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        SyncObject[] objects =
        [
            .. Enumerable.Range(1, people).Select(i => new SyncObject(Anchor(i), $"person{i}@corp.test", null, null, null)),
        ];
        await agent.CallAsync<SyncReport>(AgentApi.Sync, new SyncBatch("run", 0, true, "corp.test", objects));
        return (tenant, agent);
    }

    private static string Anchor(int number) => SyncAccounts.New(number).SourceAnchor;

    private static async Task<SyncReport> TellAsync(TestAgent agent, params SyncGroup[] groups) =>
        (await agent.CallAsync<SyncReport>(AgentApi.Sync, new SyncBatch("groups", 0, true, "corp.test", [], Groups: groups))).Answer!;

    private static Task<IReadOnlyList<Group>> ListAsync(PortalHost portal, TenantId tenant) =>
        portal.Services.GetRequiredService<GroupStore>().ListAsync(tenant, default);

    private static Task<List<string>> MembersAsync(PortalHost portal, TenantId tenant) =>
        portal.WithDbAsync(db =>
            db.Set<PortalApp.Users.User>()
                .Where(u => u.Tenant == tenant && db.Set<GroupMember>().Any(m => m.UserId == u.Id))
                .OrderBy(u => u.UserPrincipalName)
                .Select(u => u.UserPrincipalName.Replace("@corp.test", ""))
                .ToListAsync()
        );
}
