using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace PortalApp.Data;

internal static class DataServices
{
    /// <param name="serves">False for an operator's command, which does not listen.</param>
    public static IHostApplicationBuilder AddPortalData(this IHostApplicationBuilder builder, bool serves)
    {
        builder.AddOptions(PortalOptions.Section, new PortalOptionsValidator());
        if (serves)
        {
            builder.Services.AddSingleton<IValidateOptions<PortalOptions>>(new Listening(builder.Configuration));
        }

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
        options.UseSqlite(connection.ConnectionString).AddInterceptors(ConnectionPragmas.Instance);
    }

    /// <summary>
    /// For what a power cut may take back (what lives for a minute, what would only be done again): this context's commits do not wait for the
    /// disk. They keep their order, and the next commit that does wait carries them along.
    /// </summary>
    public static async Task RelaxAsync(this PortalDb db, CancellationToken cancellation)
    {
        await db.Database.OpenConnectionAsync(cancellation);
        await db.Database.ExecuteSqlRawAsync("PRAGMA synchronous=NORMAL", cancellation);
    }

    /// <summary>Of the connection, so set each time one opens. FULL, because a grant that a power cut takes back could be given twice.</summary>
    private sealed class ConnectionPragmas : DbConnectionInterceptor
    {
        public static readonly ConnectionPragmas Instance = new();
        private const string Pragmas = "PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000;";

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
