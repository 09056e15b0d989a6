using Microsoft.EntityFrameworkCore.Design;

namespace PortalApp.Data;

/// <summary>For <c>dotnet ef</c> alone: a model needs no configured portal. <c>migrations add NAME --context SqlitePortalDb --output-dir Data/Migrations/Sqlite</c>.</summary>
internal sealed class SqlitePortalDbDesign : IDesignTimeDbContextFactory<SqlitePortalDb>
{
    public SqlitePortalDb CreateDbContext(string[] args) => new(SqlitePortalDb.On("design.db").Options);
}

/// <summary>As the other, with <c>PostgreSqlPortalDb</c> and <c>Data/Migrations/PostgreSql</c>.</summary>
internal sealed class PostgreSqlPortalDbDesign : IDesignTimeDbContextFactory<PostgreSqlPortalDb>
{
    public PostgreSqlPortalDb CreateDbContext(string[] args) => new(PostgreSqlPortalDb.On("Host=localhost;Database=design").Options);
}
