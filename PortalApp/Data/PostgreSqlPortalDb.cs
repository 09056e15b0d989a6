using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PortalApp.Data;

/// <summary>The database on a PostgreSQL server, for when one machine is outgrown, and all that only PostgreSQL understands.</summary>
internal sealed class PostgreSqlPortalDb(DbContextOptions<PostgreSqlPortalDb> options) : PortalDb(options)
{
    /// <summary>Of the advisory lock of those that upgrade; "Portal" in ASCII. Names are hashed to the others.</summary>
    private const long UpgradeLock = 0x506F7274616C;

    /// <param name="connection">As the operator wrote it.</param>
    public static DbContextOptionsBuilder<PostgreSqlPortalDb> On(string connection)
    {
        var builder = new DbContextOptionsBuilder<PostgreSqlPortalDb>();
        builder.UseNpgsql(Durable(connection)).AddInterceptors(PostgreSqlTexts.Instance);
        return builder;
    }

    /// <summary>Of the session: the driver resets it to what the connection began with before the pool hands it to another.</summary>
    public override async Task RelaxAsync(CancellationToken cancellation)
    {
        await Database.OpenConnectionAsync(cancellation);
        await Database.ExecuteSqlRawAsync("SET synchronous_commit = off", cancellation);
    }

    /// <summary>
    /// Both statements go in one message, and so are in one transaction. The lock has to be a statement before the other: each sees what was
    /// committed when it began.
    /// </summary>
    public override Task<int> ExecuteAloneAsync(string name, FormattableString statement, CancellationToken cancellation)
    {
        var argument = statement.ArgumentCount.ToString(CultureInfo.InvariantCulture);
        return Database.ExecuteSqlAsync(
            FormattableStringFactory.Create(
                $"SELECT pg_advisory_xact_lock(hashtextextended({{{argument}}}, 0)); {statement.Format}",
                [.. statement.GetArguments(), name]
            ),
            cancellation
        );
    }

    public override Task PrepareAsync(CancellationToken cancellation) => Task.CompletedTask;

    public override async Task<IAsyncDisposable> LockUpgradesAsync(TimeSpan patience, TimeProvider clock, CancellationToken cancellation)
    {
        // Of no pool: what is given back to one keeps its locks until it is taken out again.
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Database.GetConnectionString()) { Pooling = false }.ConnectionString
        );
        try
        {
            await connection.OpenAsync(cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT set_config('lock_timeout', $1, false), pg_advisory_lock($2)";
            command.Parameters.Add(new() { Value = ((long)patience.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) });
            command.Parameters.Add(new() { Value = UpgradeLock });
            await command.ExecuteNonQueryAsync(cancellation);
            return connection;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await connection.DisposeAsync();
            throw DatabaseUpgrade.Busy();
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Texts are compared and ordered byte by byte, as SQLite does, whatever language the server was set up for.</summary>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<string>().UseCollation("C");
    }

    /// <summary>
    /// What a connection begins with and is reset to. Commits wait for the disk, whatever the server's own setting, because a grant that a power
    /// cut takes back could be given twice.
    /// </summary>
    private static string Durable(string connection)
    {
        var told = new NpgsqlConnectionStringBuilder(connection) { NoResetOnClose = false, Multiplexing = false };
        told.Options = $"{told.Options} -c synchronous_commit=on".TrimStart();
        return told.ConnectionString;
    }
}
