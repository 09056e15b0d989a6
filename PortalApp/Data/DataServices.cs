using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace PortalApp.Data;

internal static class DataServices
{
    public static IHostApplicationBuilder AddPortalData(this IHostApplicationBuilder builder)
    {
        builder.Services.Configure<PortalOptions>(builder.Configuration.GetSection(PortalOptions.Section));
        builder.Services.AddPooledDbContextFactory<PortalDb>(
            (services, options) => Configure(options, services.GetRequiredService<IOptions<PortalOptions>>().Value.DatabaseFile)
        );
        builder.Services.AddScoped(services => services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContext());
        return builder;
    }

    public static void Configure(DbContextOptionsBuilder options, string file)
    {
        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            ForeignKeys = true,
            DefaultTimeout = 10,
        };
        options.UseSqlite(connection.ConnectionString).AddInterceptors(WriteAheadLog.Instance);
    }

    /// <summary>
    /// Set at each opened connection: they are properties of the connection, but for the journal's mode. FULL, because a grant that a power cut
    /// takes back could be given twice.
    /// </summary>
    private sealed class WriteAheadLog : DbConnectionInterceptor
    {
        public static readonly WriteAheadLog Instance = new();
        private const string Pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000;";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(
            DbConnection connection,
            ConnectionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
