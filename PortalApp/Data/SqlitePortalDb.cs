using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;

namespace PortalApp.Data;

/// <summary>The database as a file, and all that only SQLite understands.</summary>
internal sealed class SqlitePortalDb(DbContextOptions<SqlitePortalDb> options) : PortalDb(options)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private string File => new SqliteConnectionStringBuilder(Database.GetConnectionString()).DataSource;

    public static DbContextOptionsBuilder<SqlitePortalDb> On(string file)
    {
        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            ForeignKeys = true,
            DefaultTimeout = 10,
        };
        var builder = new DbContextOptionsBuilder<SqlitePortalDb>();
        builder.UseSqlite(connection.ConnectionString).AddInterceptors(ConnectionPragmas.Instance);
        return builder;
    }

    public override async Task RelaxAsync(CancellationToken cancellation)
    {
        await Database.OpenConnectionAsync(cancellation);
        await Database.ExecuteSqlRawAsync("PRAGMA synchronous=NORMAL", cancellation);
    }

    /// <summary>SQLite has one writer at a time, whatever the name.</summary>
    public override Task<int> ExecuteAloneAsync(string name, FormattableString statement, CancellationToken cancellation) =>
        Database.ExecuteSqlAsync(statement, cancellation);

    public override Task PrepareAsync(CancellationToken cancellation)
    {
        DataFolder.MakeFile(File);
        return Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellation);
    }

    /// <summary>A file that the operating system takes back from the dead. The framework's own lock is a row, which a killed start leaves behind.</summary>
    public override async Task<IAsyncDisposable> LockUpgradesAsync(TimeSpan patience, TimeProvider clock, CancellationToken cancellation)
    {
        var held = await LockFileAsync(Path.Combine(Path.GetDirectoryName(File)!, "upgrade.lock"), patience, clock, cancellation);
        await Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellation);
        return held;
    }

    /// <summary>A number is given once, also after its row was deleted; without a word SQLite would give the highest again.</summary>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        foreach (var key in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.FindPrimaryKey()?.Properties ?? []))
        {
            if (key.ValueGenerated == ValueGenerated.OnAdd)
            {
                key.SetValueGenerationStrategy(SqliteValueGenerationStrategy.Autoincrement);
            }
        }
    }

    private static async Task<FileStream> LockFileAsync(string file, TimeSpan patience, TimeProvider clock, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (clock.GetElapsedTime(began) < patience)
            {
                await Task.Delay(Glance, clock, cancellation);
            }
            catch (IOException)
            {
                throw DatabaseUpgrade.Busy();
            }
        }
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
