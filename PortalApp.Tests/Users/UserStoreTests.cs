using Microsoft.Extensions.DependencyInjection;
using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users;

namespace PortalApp.Tests.Users;

public class UserStoreTests(ForestFixture forests)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_is_found_in_their_own_tenant_alone_with_values_in_the_administrators_order()
    {
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync(), Ct);
        await using (var db = await portal.OpenDatabaseAsync())
        {
            var user = new User
            {
                Id = "anchor-1",
                Tenant = new(1),
                UserPrincipalName = "anna@corp.test",
            };
            user.Contacts.Add(Value(ContactField.AlternateEmailAddresses, 1, "second@a.example"));
            user.Contacts.Add(Value(ContactField.AlternateEmailAddresses, 0, "first@a.example"));
            user.Contacts.Add(Value(ContactField.MobilePhone, 0, "0612345678"));
            db.Add(user);
            await db.SaveChangesAsync(Ct);
        }

        var users = portal.Services.GetRequiredService<UserStore>();
        var name = UserPrincipalName.TryParse("ANNA@Corp.Test")!;
        var found = await users.FindByNameAsync(new(1), name, Ct);

        Assert.Equal("first@a.example", found?.ToContactData().AlternateEmail?.Value);
        Assert.Null(found?.ToContactData().Mobile);
        Assert.Null(await users.FindByNameAsync(new(2), name, Ct));
        Assert.Null(await users.FindAsync(new(2), "anchor-1", Ct));
        Assert.NotNull(await users.FindAsync(new(1), "anchor-1", Ct));
    }

    [Fact]
    public async Task A_domain_leads_to_the_one_tenant_that_holds_it()
    {
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync(), Ct);
        await using (var db = await portal.OpenDatabaseAsync())
        {
            db.Add(
                new Tenant
                {
                    Id = new(1),
                    Name = "Corp",
                    HelpdeskPhone = "+31 201234567",
                }
            );
            db.Add(new Domain { Name = "corp.test", Tenant = new(1) });
            await db.SaveChangesAsync(Ct);
        }

        var tenants = portal.Services.GetRequiredService<TenantStore>();

        Assert.Equal("Corp", (await tenants.FindByDomainAsync("corp.test", Ct))?.Tenant.Name);
        Assert.Null(await tenants.FindByDomainAsync("other.test", Ct));
        Assert.Null(await tenants.FindAsync(new(2), Ct));
    }

    private static ContactValue Value(ContactField field, int position, string value) =>
        new()
        {
            Tenant = new(1),
            UserId = "anchor-1",
            Field = field,
            Position = position,
            Value = value,
            Source = ContactSource.Administrator,
        };
}
