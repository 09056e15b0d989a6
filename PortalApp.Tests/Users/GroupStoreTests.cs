using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users;
using PortalApp.Users.Groups;
using Outcome = PortalApp.Audit.ChangeOutcome<PortalApp.Users.Groups.Group>;

namespace PortalApp.Tests.Users;

public class GroupStoreTests
{
    [Fact]
    public async Task Who_is_in_a_group_is_in_every_group_around_it_through_a_circle_as_well()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var anna = await AddUserAsync(portal, tenant, "anna");
        var (inner, middle, outer) = (
            await AddAsync(portal, tenant, "Inner"),
            await AddAsync(portal, tenant, "Middle"),
            await AddAsync(portal, tenant, "Outer")
        );

        await PutAsync(portal, tenant, inner, anna);
        await NestAsync(portal, tenant, middle, inner);
        await NestAsync(portal, tenant, outer, middle);
        await NestAsync(portal, tenant, inner, outer);

        Assert.Equal([inner, middle, outer], (await GroupsOfAsync(portal, tenant, anna)).Order());
        await portal.WithDbAsync(async db =>
        {
            var members = await Memberships.QueryAsync(db, tenant, [outer], default);
            Assert.Equal([anna], members.Distinct());
            return 0;
        });
    }

    [Fact]
    public async Task A_name_that_is_taken_or_empty_is_refused_and_a_removed_ones_is_free()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var staff = await AddAsync(portal, tenant, "Staff");
        var guests = await AddAsync(portal, tenant, "Guests");

        Assert.All(
            new[]
            {
                await ChangeAsync(portal, (s, db) => s.AddAsync(db, tenant, " Staff ", TenantSetup.By, default)),
                await ChangeAsync(portal, (s, db) => s.AddAsync(db, tenant, "", TenantSetup.By, default)),
                await ChangeAsync(portal, (s, db) => s.AddAsync(db, tenant, new string('x', 257), TenantSetup.By, default)),
                await ChangeAsync(portal, (s, db) => s.RenameAsync(db, tenant, guests, "Staff", TenantSetup.By, default)),
            },
            outcome => Assert.IsType<Outcome.Wrong>(outcome)
        );
        Assert.IsType<Outcome.Done>(await ChangeAsync(portal, (s, db) => s.RemoveAsync(db, tenant, staff, TenantSetup.By, default)));
        Assert.IsType<Outcome.Done>(
            await ChangeAsync(portal, (s, db) => s.RenameAsync(db, tenant, guests, "Staff", TenantSetup.By, default))
        );
        Assert.Equal("Staff", Assert.Single(await Store(portal).ListAsync(tenant, default)).Name);
    }

    [Fact]
    public async Task Nobody_is_in_a_group_that_is_removed_and_its_name_can_still_be_told()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var (anna, staff, around) = (
            await AddUserAsync(portal, tenant, "anna"),
            await AddAsync(portal, tenant, "Staff"),
            await AddAsync(portal, tenant, "Around")
        );
        await PutAsync(portal, tenant, staff, anna);
        await NestAsync(portal, tenant, around, staff);

        await ChangeAsync(portal, (s, db) => s.RemoveAsync(db, tenant, staff, TenantSetup.By, default));

        Assert.Empty(await GroupsOfAsync(portal, tenant, anna));
        Assert.NotNull(Assert.Single(await Store(portal).FindAsync(tenant, [staff], default)).GoneAt);
        Assert.IsType<Outcome.NotThere>(
            await ChangeAsync(portal, (s, db) => s.SetMemberAsync(db, tenant, staff, anna, true, TenantSetup.By, default))
        );
    }

    [Fact]
    [Trait("Case", "H104")]
    public async Task Nobody_puts_anybody_of_another_tenant_into_a_group_nor_changes_another_tenants()
    {
        await using var portal = await PortalHost.StartAsync();
        var (mine, theirs) = (await portal.AddTenantAsync("corp.test"), await portal.AddTenantAsync("other.test"));
        var (staff, other) = (await AddAsync(portal, mine, "Staff"), await AddAsync(portal, theirs, "Staff"));
        var ben = await AddUserAsync(portal, theirs, "ben", "other.test");

        Assert.All(
            new[]
            {
                await ChangeAsync(portal, (s, db) => s.SetMemberAsync(db, mine, staff, ben, true, TenantSetup.By, default)),
                await ChangeAsync(portal, (s, db) => s.SetInnerAsync(db, mine, staff, other, true, TenantSetup.By, default)),
                await ChangeAsync(portal, (s, db) => s.RenameAsync(db, mine, other, "Mine", TenantSetup.By, default)),
                await ChangeAsync(portal, (s, db) => s.RemoveAsync(db, mine, other, TenantSetup.By, default)),
            },
            outcome => Assert.IsType<Outcome.NotThere>(outcome)
        );
        Assert.Empty(await Store(portal).FindAsync(mine, [other], default));
    }

    [Fact]
    public async Task A_directorys_group_is_changed_in_the_directory_alone()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var anna = await AddUserAsync(portal, tenant, "anna");
        var told = new ToldGroup("8f9619ff-8b86-d011-b42d-00c04fc964ff", "Staff", [], null, null);
        await portal.Services.ChangeAsync<int>(async db =>
        {
            var groups = portal.Services.GetRequiredService<SyncedGroups>();
            await groups.TakeAsync(db, (tenant, "corp"), told, TenantSetup.By, default);
            return new ChangeOutcome<int>.Done(0);
        });
        var staff = Assert.Single(await Store(portal).ListAsync(tenant, default)).Id;

        Assert.All(
            new[]
            {
                await ChangeAsync(portal, (s, db) => s.SetMemberAsync(db, tenant, staff, anna, true, TenantSetup.By, default)),
                await ChangeAsync(portal, (s, db) => s.RenameAsync(db, tenant, staff, "Mine", TenantSetup.By, default)),
                await ChangeAsync(portal, (s, db) => s.RemoveAsync(db, tenant, staff, TenantSetup.By, default)),
            },
            outcome =>
                Assert.Contains("change it there", Assert.IsType<Outcome.Wrong>(outcome).Errors[0].Sentence, StringComparison.Ordinal)
        );
    }

    private static GroupStore Store(PortalHost portal) => portal.Services.GetRequiredService<GroupStore>();

    private static Task<Outcome> ChangeAsync(PortalHost portal, Func<GroupStore, PortalDb, Task<Outcome>> change) =>
        portal.Services.ChangeAsync(db => change(Store(portal), db));

    private static async Task<long> AddAsync(PortalHost portal, TenantId tenant, string name) =>
        Assert.IsType<Outcome.Done>(await ChangeAsync(portal, (s, db) => s.AddAsync(db, tenant, name, TenantSetup.By, default))).Value.Id;

    private static async Task PutAsync(PortalHost portal, TenantId tenant, long group, string user) =>
        Assert.IsType<Outcome.Done>(
            await ChangeAsync(portal, (s, db) => s.SetMemberAsync(db, tenant, group, user, true, TenantSetup.By, default))
        );

    private static async Task NestAsync(PortalHost portal, TenantId tenant, long group, long inner) =>
        Assert.IsType<Outcome.Done>(
            await ChangeAsync(portal, (s, db) => s.SetInnerAsync(db, tenant, group, inner, true, TenantSetup.By, default))
        );

    private static Task<IReadOnlySet<long>> GroupsOfAsync(PortalHost portal, TenantId tenant, string user) =>
        portal.Services.GetRequiredService<Memberships>().OfAsync(tenant, user, default);

    private static async Task<string> AddUserAsync(PortalHost portal, TenantId tenant, string name, string domain = "corp.test")
    {
        await portal.WithDbAsync(db =>
        {
            db.Add(
                new User
                {
                    Id = name,
                    Tenant = tenant,
                    UserPrincipalName = $"{name}@{domain}",
                }
            );
            return db.SaveChangesAsync();
        });
        return name;
    }
}
