using Microsoft.Extensions.DependencyInjection;
using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users;
using Outcome = PortalApp.Audit.ChangeOutcome<PortalApp.Users.User>;

namespace PortalApp.Tests.Users;

public class UserStoreTests(ForestFixture forests)
{
    private static readonly Actor Olga = Actor.Operator("olga");
    private static readonly Actor Otto = Actor.Operator("otto");
    private static readonly UserChange NoLicence = new(null, null, null, Licensed: false, null);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_is_found_in_their_own_tenant_alone_with_values_in_the_administrators_order()
    {
        await using var portal = await StartAsync();
        var tenant = await AddTenantAsync(portal);
        await using (var db = await portal.OpenDatabaseAsync())
        {
            var user = new User
            {
                Id = "anchor-1",
                Tenant = tenant,
                UserPrincipalName = "anna@corp.test",
            };
            user.Contacts.Add(Value(tenant, ContactField.AlternateEmailAddresses, 1, "second@a.example"));
            user.Contacts.Add(Value(tenant, ContactField.AlternateEmailAddresses, 0, "first@a.example"));
            user.Contacts.Add(Value(tenant, ContactField.MobilePhone, 0, "0612345678"));
            db.Add(user);
            await db.SaveChangesAsync(Ct);
        }

        var users = Users(portal);
        var name = UserPrincipalName.TryParse("ANNA@Corp.Test")!;
        var found = await users.FindByNameAsync(tenant, name, Ct);

        Assert.Equal("first@a.example", found?.ToContactData().AlternateEmail?.Value);
        Assert.Null(found?.ToContactData().Mobile);
        Assert.Null(await users.FindByNameAsync(new(tenant.Value + 1), name, Ct));
        Assert.Null(await users.FindAsync(new(tenant.Value + 1), "anchor-1", Ct));
        Assert.NotNull(await users.FindAsync(tenant, "anchor-1", Ct));
    }

    [Fact]
    public async Task A_domain_leads_to_the_one_tenant_that_holds_it()
    {
        await using var portal = await StartAsync();
        var tenant = await AddTenantAsync(portal);

        var tenants = portal.Services.GetRequiredService<TenantStore>();

        Assert.Equal("Corp", (await tenants.FindByDomainAsync("corp.test", Ct))?.Tenant.Name);
        Assert.Null(await tenants.FindByDomainAsync("other.test", Ct));
        Assert.Null(await tenants.FindAsync(new(tenant.Value + 1), Ct));
    }

    [Fact]
    public async Task Whoever_changes_a_user_that_another_changed_meanwhile_is_told_by_whom()
    {
        await using var portal = await StartAsync();
        var anna = await AddAnnaAsync(portal);

        Assert.IsType<Outcome.Done>(await SetAsync(portal, anna, NoLicence, Otto, anna.Revision));
        var late = await SetAsync(portal, anna, new UserChange(["anna@a.example"], null, null, null, null), Olga, anna.Revision);

        Assert.Equal(Otto, Assert.IsType<Outcome.ChangedMeanwhile>(late).By);
        var now = await Users(portal).FindAsync(anna.Tenant, anna.Id, Ct);
        Assert.False(now!.Licensed);
        Assert.Empty(now.Contacts);
    }

    [Fact]
    public async Task Of_two_changes_at_once_by_commands_that_have_shown_nobody_anything_neither_is_lost()
    {
        await using var portal = await StartAsync();
        var anna = await AddAnnaAsync(portal);

        var outcomes = await Task.WhenAll(
            Task.Run(() => SetAsync(portal, anna, NoLicence, Otto, seen: null)),
            Task.Run(() => SetAsync(portal, anna, new UserChange(["anna@a.example"], null, null, null, null), Olga, seen: null))
        );

        Assert.All(outcomes, outcome => Assert.IsType<Outcome.Done>(outcome));
        var now = await Users(portal).FindAsync(anna.Tenant, anna.Id, Ct);
        Assert.False(now!.Licensed);
        Assert.Equal("anna@a.example", now.ToContactData().AlternateEmail?.Value);
    }

    [Fact]
    public async Task Every_wrong_value_is_told_by_its_field_and_none_is_set()
    {
        await using var portal = await StartAsync();
        var anna = await AddAnnaAsync(portal);
        var change = new UserChange(["ok@a.example", "nobody"], "0612345678", "+31 201234567", Licensed: false, null);

        var wrong = Assert.IsType<Outcome.Wrong>(await SetAsync(portal, anna, change, Olga, seen: null));

        Assert.Equal(["AlternateEmailAddresses", "MobilePhone"], wrong.Errors.Select(e => e.Field));
        var now = await Users(portal).FindAsync(anna.Tenant, anna.Id, Ct);
        Assert.Equal((anna.Revision, true, 0), (now!.Revision, now.Licensed, now.Contacts.Count));
    }

    [Fact]
    [Trait("Case", "H32")]
    public async Task A_person_who_was_removed_leaves_a_name_that_is_free_and_nothing_to_inherit()
    {
        await using var portal = await StartAsync();
        var anna = await AddAnnaAsync(portal);
        await SetAsync(portal, anna, new UserChange(["anna@a.example"], null, null, null, null), Olga, seen: null);

        Assert.IsType<Outcome.Done>(await RemoveAsync(portal, anna));

        var name = UserPrincipalName.TryParse(anna.UserPrincipalName)!;
        Assert.Null(await Users(portal).FindByNameAsync(anna.Tenant, name, Ct));
        Assert.IsType<Outcome.NotThere>(await RemoveAsync(portal, anna));
        var tombstone = (await Users(portal).FindAsync(anna.Tenant, anna.Id, Ct))!;
        Assert.Equal(
            (anna.UserPrincipalName, true, 0),
            (tombstone.UserPrincipalName, tombstone.GoneAt is not null, tombstone.Contacts.Count)
        );
        var again = await portal.Services.ChangeAsync(db => Users(portal).AddAsync(db, anna.Tenant, name, Olga, Ct));
        Assert.NotEqual(anna.Id, Assert.IsType<Outcome.Done>(again).Value.Id);
        Assert.Empty((await Users(portal).FindByNameAsync(anna.Tenant, name, Ct))!.Contacts);
    }

    private static Task<Outcome> RemoveAsync(InProcessPortal portal, User user) =>
        portal.Services.ChangeAsync(db => Users(portal).RemoveAsync(db, user.Tenant, user.Id, Olga, Ct));

    private async Task<InProcessPortal> StartAsync() => await InProcessPortal.StartAsync(await forests.CertificatesAsync(), Ct);

    private static UserStore Users(InProcessPortal portal) => portal.Services.GetRequiredService<UserStore>();

    private static async Task<TenantId> AddTenantAsync(InProcessPortal portal) =>
        (
            await portal.Services.AddTenantAsync(
                new("Corp", "+31 201234567", null, null),
                ("corp.test", PasswordManagement.Federated),
                ("cloud.test", PasswordManagement.CloudOnly)
            )
        ).Id;

    private static async Task<User> AddAnnaAsync(InProcessPortal portal)
    {
        var (tenant, name) = (await AddTenantAsync(portal), UserPrincipalName.TryParse("anna@cloud.test")!);
        var added = await portal.Services.ChangeAsync(db => Users(portal).AddAsync(db, tenant, name, Olga, Ct));
        return Assert.IsType<Outcome.Done>(added).Value;
    }

    private static Task<Outcome> SetAsync(InProcessPortal portal, User user, UserChange change, Actor by, long? seen) =>
        portal.Services.ChangeAsync(db => Users(portal).SetAsync(db, user.Tenant, user.Id, change, by, seen, Ct));

    private static ContactValue Value(TenantId tenant, ContactField field, int position, string value) =>
        new()
        {
            Tenant = tenant,
            UserId = "anchor-1",
            Field = field,
            Position = position,
            Value = value,
            Source = ContactSource.Administrator,
        };
}
