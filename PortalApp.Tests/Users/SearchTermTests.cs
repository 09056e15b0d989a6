using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Administration.People;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users;
using PortalApp.Users.Search;

namespace PortalApp.Tests.Users;

public class SearchTermTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("joris")]
    [InlineData("JORIS.vandenberg@corp")]
    [InlineData("vandenberg")]
    [InlineData("Bjorn")]
    [InlineData("berg jör")]
    [InlineData("06-1234 56")]
    [InlineData("+31 6 12")]
    [InlineData("0031612")]
    [InlineData("(020) 76")]
    [InlineData("thuis.joris@gm")]
    [InlineData("willem")]
    [InlineData("Jan-W")]
    public async Task A_person_is_found_by_the_beginning_of_a_name_a_user_id_a_phone_and_an_address(string typed)
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var joris = await AddJorisAsync(portal, tenant);
        await portal.AddUserAsync(tenant, "corp", "anna@corp.test");

        Assert.Equal([joris], await FindAsync(portal, tenant, typed));
    }

    [Theory]
    [InlineData("oris")]
    [InlineData("joris anna")]
    [InlineData("06123x")]
    [InlineData("0698")]
    [InlineData("'; DROP TABLE")]
    [InlineData("%")]
    [InlineData("\u0000\ud800")]
    public async Task Nobody_is_found_by_what_they_do_not_have(string typed)
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        await AddJorisAsync(portal, tenant);

        Assert.Empty(await FindAsync(portal, tenant, typed));
    }

    [Fact]
    public async Task What_a_person_is_found_by_follows_every_change_whoever_makes_it()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var joris = await AddJorisAsync(portal, tenant);

        await ChangeAsync(portal, joris, user => user.DisplayName = "Joris Bakker");
        Assert.Empty(await FindAsync(portal, tenant, "berg"));
        Assert.Equal([joris], await FindAsync(portal, tenant, "bakker"));
        Assert.Equal([joris], await FindAsync(portal, tenant, "0612345678"));

        await ChangeAsync(portal, joris, user => user.Contacts.RemoveAll(c => c.Field == ContactField.MobilePhone));
        Assert.Empty(await FindAsync(portal, tenant, "0612345678"));

        await portal.WithDbAsync(async db =>
        {
            var mail = await db.Set<ContactValue>().SingleAsync(c => c.UserId == joris && c.Field == ContactField.AlternateEmailAddresses);
            mail.Value = "elders@gmail.example";
            return await db.SaveChangesAsync();
        });
        Assert.Empty(await FindAsync(portal, tenant, "thuis"));
        Assert.Equal([joris], await FindAsync(portal, tenant, "elders"));

        await ChangeAsync(portal, joris, user => user.LetGo(TenantSetup.By, portal.Clock.GetUtcNow()));
        Assert.Empty(await portal.WithDbAsync(db => db.Set<SearchTerm>().ToListAsync(Ct)));
    }

    [Fact]
    [Trait("Case", "H104")]
    public async Task Nobody_is_found_in_another_tenant()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var other = await portal.AddTenantAsync("bakkerij.test");
        await AddJorisAsync(portal, tenant);

        Assert.Empty(await FindAsync(portal, other, "joris"));
    }

    [Fact]
    public async Task Of_very_many_that_begin_the_same_the_first_thousand_are_shown_and_said_to_be_so()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        await portal.WithDbAsync(db =>
        {
            db.AddRange(Enumerable.Range(0, 1001).Select(i => NewUser(tenant, $"jan{i}@corp.test", $"Jan {i:0000}")));
            return db.SaveChangesAsync(Ct);
        });
        var search = portal.Services.GetRequiredService<UserSearch>();

        var many = await search.FindAsync(tenant, UserQuery.Of("jan", null, null, 2), Ct);
        var few = await search.FindAsync(tenant, UserQuery.Of("jan 100", null, "-name", null), Ct);

        Assert.Equal((1000, true, UserQuery.PageSize), (many.Total, many.IsCut, many.Users.Count));
        Assert.Equal((2, false), (few.Total, few.IsCut));
        Assert.Equal(["Jan 1000", "Jan 0100"], few.Users.Select(u => u.DisplayName));
    }

    private static async Task<List<string>> FindAsync(PortalHost portal, TenantId tenant, string typed)
    {
        var query = UserQuery.Of(typed, null, null, null);
        var found = await portal.Services.GetRequiredService<UserSearch>().FindAsync(tenant, query, Ct);
        var exported = await portal.WithDbAsync(db => UserSearch.Matching(db, tenant, query).Select(u => u.Id).ToListAsync(Ct));
        Assert.Equal(found.Users.Select(u => u.Id).Order(), exported.Order());
        return [.. found.Users.Select(u => u.Id)];
    }

    private static Task<int> ChangeAsync(PortalHost portal, string id, Action<User> change) =>
        portal.WithDbAsync(async db =>
        {
            change(await db.Set<User>().Include(u => u.Contacts).SingleAsync(u => u.Id == id, Ct));
            return await db.SaveChangesAsync(Ct);
        });

    private static Task<string> AddJorisAsync(PortalHost portal, TenantId tenant) =>
        portal.WithDbAsync(async db =>
        {
            var joris = NewUser(tenant, "joris.vandenberg@corp.test", "Jöris Jan-Willem van den Berg (Björn)");
            foreach (
                var (field, value) in new[]
                {
                    (ContactField.MobilePhone, "+31 612345678"),
                    (ContactField.PhoneNumber, "+31 207654321x12"),
                    (ContactField.AlternateEmailAddresses, "Thuis.Joris@gmail.example"),
                }
            )
            {
                joris.Contacts.Add(
                    new()
                    {
                        Tenant = tenant,
                        UserId = joris.Id,
                        Field = field,
                        Value = value,
                    }
                );
            }

            db.Add(joris);
            await db.SaveChangesAsync(Ct);
            return joris.Id;
        });

    private static User NewUser(TenantId tenant, string name, string displayName) =>
        new()
        {
            Id = Portal.Writeback.CloudAnchor.New().Value,
            Tenant = tenant,
            UserPrincipalName = name,
            DisplayName = displayName,
        };
}

[OnPostgreSql]
public sealed class SearchTermTestsOnPostgreSql : SearchTermTests;
