using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using PortalApp.Data;
using PortalApp.Secrets;

namespace PortalApp.Tests.Fixtures.Databases;

/// <summary>The database of one portal of a test: a file in the portal's folder, or one of its own on the run's PostgreSQL.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<string>> MigratedFile = new(MigrateAsync);
    private static int count;
    private readonly string? name;

    private TestDatabase(string folder, string? name) => (Folder, this.name) = (folder, name);

    /// <summary>The portal's data directory.</summary>
    public string Folder { get; }

    public DatabaseKind Kind => name is null ? DatabaseKind.Sqlite : DatabaseKind.PostgreSql;

    /// <summary>What the portal is told of it.</summary>
    public IReadOnlyDictionary<string, string?> Settings =>
        name is null
            ? new Dictionary<string, string?> { ["Portal:DataDirectory"] = Folder }
            : new Dictionary<string, string?>
            {
                ["Portal:DataDirectory"] = Folder,
                ["Portal:Database"] = nameof(DatabaseKind.PostgreSql),
                ["Portal:ConnectionStringFile"] = ConnectionFile,
            };

    private string ConnectionFile => Path.Combine(Folder, "database.connection");

    /// <param name="kind">Null for the one that the running test is for: SQLite, unless its class says <see cref="OnPostgreSqlAttribute"/>.</param>
    public static async Task<TestDatabase> NewAsync(string folder, DatabaseKind? kind = null)
    {
        // It is migrated already, and the portal makes no new key for what holds something.
        MasterKey.OpenOrCreate(Path.Combine(folder, "keys", "master.key")).Dispose();
        if ((kind ?? OnPostgreSqlAttribute.OfThisTest) == DatabaseKind.Sqlite)
        {
            var file = Path.Combine(folder, "portal.db");
            File.Copy(await MigratedFile.Value, file);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return new(folder, null);
        }

        var server = await RunServer.StartedAsync();
        var database = new TestDatabase(folder, $"portal_{Interlocked.Increment(ref count)}");
        await server.ExecuteAsync($"CREATE DATABASE {database.name} TEMPLATE {RunServer.Template}");
        WriteConnection(
            database.ConnectionFile,
            server.ConnectionTo(database.name!) + ";Maximum Pool Size=30;Timeout=60;Server Compatibility Mode=NoTypeLoading"
        );
        return database;
    }

    public bool IsBehind(DbConnection connection) =>
        name is null ? connection.DataSource == Path.Combine(Folder, "portal.db") : connection.Database == name;

    public static void WriteConnection(string file, string connection)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var writer = new StreamWriter(file, options);
        writer.Write(connection);
    }

    public async ValueTask DisposeAsync()
    {
        if (name is null)
        {
            SqliteConnection.ClearAllPools();
        }
        else
        {
            await (await RunServer.StartedAsync()).ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
        }
    }

    private static async Task<string> MigrateAsync()
    {
        var file = Path.Combine(Repository.NewFolder("migrated"), "portal.db");
        await using var db = new SqlitePortalDb(SqlitePortalDb.On(file).Options);
        await DatabaseUpgrade.RunAsync(db, TimeProvider.System, CancellationToken.None);
        await db.Database.CloseConnectionAsync();
        SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
        return file;
    }
}
