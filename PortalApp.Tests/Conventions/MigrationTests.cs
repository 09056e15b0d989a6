using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Tests.Conventions;

public sealed class MigrationTests
{
    [Fact]
    public void The_migrations_of_both_databases_make_the_model_that_the_code_has()
    {
        using var sqlite = new SqlitePortalDbDesign().CreateDbContext([]);
        using var postgreSql = new PostgreSqlPortalDbDesign().CreateDbContext([]);

        Assert.False(sqlite.Database.HasPendingModelChanges());
        Assert.False(postgreSql.Database.HasPendingModelChanges());
    }
}
