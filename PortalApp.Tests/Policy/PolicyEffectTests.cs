using Microsoft.Extensions.DependencyInjection;
using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Administration.Overview;
using PortalApp.Policy;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users;
using PortalApp.Users.Groups;

namespace PortalApp.Tests.Policy;

/// <summary>What other policies would change for a tenant's people, counted in the database.</summary>
public class PolicyEffectTests
{
    private static readonly PolicyTerms Off = PolicyTerms.First with { ForWhom = new PolicyAudience.Nobody() };
    private static readonly PolicyTerms Two = PolicyTerms.First with { Gates = 2 };

    [Fact]
    public async Task People_are_counted_by_what_they_lose_gain_or_see_otherwise_and_named()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, staff, board) = await StartAsync(portal);
        var held = new PolicyList([new("Off", [board], Off)], PolicyTerms.First);

        var draft = new PolicyList([new("Two", [staff], Two)], PolicyTerms.First);
        var effect = await EffectAsync(portal, tenant, held, draft);

        // In staff: anna, and ben by the group within; carl of the board was off; dora has no address; emil has no licence.
        Assert.Equal(6, effect.All);
        Assert.Equal((3, 2), (effect.ReadyBefore, effect.Ready));
        Assert.Equal(["anna@corp.test", "ben@corp.test"], await FirstAsync(effect.Lost));
        Assert.Equal(["carl@corp.test"], await FirstAsync(effect.Gained));
        Assert.Equal(0, effect.Otherwise.Count);
        Assert.Equal(3, effect.Changed);
        Assert.False(effect.LocksOutEverybody);
        Assert.Equal(1, effect.Weaker);

        async Task<IEnumerable<string>> FirstAsync(PeopleChanged people) =>
            (await portal.Services.GetRequiredService<PolicyEffects>().FirstAsync(tenant, held, draft, people, default)).Select(p =>
                p.UserPrincipalName
            );
    }

    [Fact]
    public async Task A_list_under_which_nobody_could_reset_is_told()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, _, _) = await StartAsync(portal);

        Assert.True((await EffectAsync(portal, tenant, PolicyList.First, new([], Two))).LocksOutEverybody);
        Assert.False((await EffectAsync(portal, tenant, new([], Two), new([], Off))).LocksOutEverybody);
        Assert.Equal(0, (await EffectAsync(portal, tenant, PolicyList.First, PolicyList.First)).Changed);
    }

    [Fact]
    public async Task The_count_of_who_is_ready_agrees_with_what_each_would_be_told()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, staff, board) = await StartAsync(portal);
        var list = new PolicyList([new("Off", [board], Off), new("Two", [staff], Two)], PolicyTerms.First);

        var readiness = await portal.Services.GetRequiredService<ReadinessCount>().OfAsync(tenant, list, default);

        Assert.Equal(new Readiness(Ready: 1, NotEnabled: 1, NoLicence: 1, TooFewMethods: 3, Registered: 3), readiness);
    }

    private static Task<PolicyEffect> EffectAsync(PortalHost portal, TenantId tenant, PolicyList held, PolicyList draft) =>
        portal.Services.GetRequiredService<PolicyEffects>().OfAsync(tenant, held, draft, default);

    private static async Task<(TenantId Tenant, long Staff, long Board)> StartAsync(PortalHost portal)
    {
        var tenant = await portal.AddTenantAsync("corp.test");
        var other = await portal.AddTenantAsync("other.test");
        await portal.WithDbAsync(async db =>
        {
            Group[] groups = [New(tenant, "Staff"), New(tenant, "Board"), New(tenant, "Within")];
            db.AddRange(groups);
            await db.SaveChangesAsync();
            db.Add(
                new GroupInGroup
                {
                    Tenant = tenant,
                    OuterId = groups[0].Id,
                    InnerId = groups[2].Id,
                }
            );
            AddUser("anna", tenant, groups[0]);
            AddUser("ben", tenant, groups[2]);
            AddUser("carl", tenant, groups[1]);
            AddUser("dora", tenant, null, mail: false);
            AddUser("emil", tenant, null, licensed: false);
            AddUser("fien", tenant, null);
            AddUser("else", other, null);
            await db.SaveChangesAsync();
            return 0;

            void AddUser(string name, TenantId home, Group? group, bool mail = true, bool licensed = true)
            {
                var user = new User
                {
                    Id = name,
                    Tenant = home,
                    UserPrincipalName = $"{name}@corp.test",
                    Licensed = licensed,
                };
                string[] mails = mail ? [$"{name}@mail.example"] : [];
                ContactStore.Write(user, ContactField.AlternateEmailAddresses, mails, ContactSource.Administrator, TenantSetup.By, default);
                db.Add(user);
                if (group is not null)
                {
                    db.Add(
                        new GroupMember
                        {
                            Tenant = home,
                            GroupId = group.Id,
                            UserId = name,
                        }
                    );
                }
            }
        });
        var store = portal.Services.GetRequiredService<GroupStore>();
        var made = (await store.ListAsync(tenant, default)).ToDictionary(g => g.Name, g => g.Id);
        return (tenant, made["Staff"], made["Board"]);
    }

    private static Group New(TenantId tenant, string name) => new() { Tenant = tenant, Name = name };
}
