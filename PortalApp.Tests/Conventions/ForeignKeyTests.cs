using Microsoft.EntityFrameworkCore.Metadata;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Tests.Conventions;

public sealed class ForeignKeyTests
{
    /// <summary>Or to what is a tenant's itself, under the same tenant.</summary>
    [Fact]
    public void Whatever_names_a_tenant_or_a_user_is_held_to_one_that_is_there()
    {
        using var db = new SqlitePortalDbDesign().CreateDbContext([]);
        var columns = db.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()).ToList();
        var tenants = columns.Where(c => c.ClrType == typeof(TenantId) || c.ClrType == typeof(TenantId?)).ToList();
        var users = columns.Where(c => c.Name == "UserId").ToList();

        Assert.NotEmpty(tenants);
        Assert.NotEmpty(users);
        Assert.Empty(tenants.Where(c => c.DeclaringType.ClrType != typeof(Tenant) && !LeadsTo(c, typeof(Tenant))).Select(Name));
        Assert.Empty(users.Where(c => !LeadsTo(c, typeof(User))).Select(Name));
    }

    private static bool LeadsTo(IProperty column, Type table) =>
        column
            .GetContainingForeignKeys()
            .Any(key =>
                key.PrincipalEntityType.ClrType == table
                || LeadsTo(key.PrincipalKey.Properties[key.Properties.ToList().IndexOf(column)], table)
            );

    private static string Name(IProperty column) => $"{column.DeclaringType.ShortName()}.{column.Name}";
}
