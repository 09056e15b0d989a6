using Microsoft.EntityFrameworkCore;
using Npgsql;
using PortalApp.Data;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Data;

/// <summary>What only a portal on PostgreSQL can meet.</summary>
public sealed class PostgreSqlTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_commit_that_does_not_wait_for_the_disk_leaves_no_trace_on_the_connection()
    {
        await using var database = await NewAsync();
        await database.ExecuteAsync("ALTER DATABASE {0} SET synchronous_commit = off");
        await using (var relaxed = database.Open("Maximum Pool Size=1"))
        {
            Assert.Equal("on", await CommitAsync(relaxed));
            await relaxed.RelaxAsync(Ct);
            Assert.Equal("off", await CommitAsync(relaxed));
        }

        await using var next = database.Open("Maximum Pool Size=1");
        Assert.Equal("on", await CommitAsync(next));
    }

    [Fact]
    public async Task Two_that_start_at_once_on_an_empty_database_both_start()
    {
        await using var database = await NewAsync();
        await using var one = database.Open();
        await using var two = database.Open();

        await Task.WhenAll(
            Task.Run(() => DatabaseUpgrade.RunAsync(one, TimeProvider.System, Ct), Ct),
            Task.Run(() => DatabaseUpgrade.RunAsync(two, TimeProvider.System, Ct), Ct)
        );

        Assert.Empty(await two.Database.GetPendingMigrationsAsync(Ct));
    }

    [Fact]
    public async Task An_upgrade_waits_for_another_and_says_so_when_that_takes_too_long()
    {
        await using var database = await NewAsync();
        await using var one = database.Open();
        await using var two = database.Open();
        await using var held = await one.LockUpgradesAsync(TimeSpan.FromSeconds(1), TimeProvider.System, Ct);

        var late = await Assert.ThrowsAsync<StartupException>(() =>
            two.LockUpgradesAsync(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct)
        );

        Assert.Contains("Another portal", late.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Port=1", "does not answer")]
    [InlineData("Password=wrong", "Username in with this Password")]
    [InlineData("Database=nowhere", "no such Database")]
    [InlineData("Username=guest;Password=guest", "may not make tables")]
    [InlineData("Options=-c default_transaction_read_only=on", "read-only")]
    public async Task What_keeps_it_from_starting_is_said_with_what_to_do(string wrong, string says)
    {
        await using var database = await NewAsync();
        await database.ExecuteAsync(
            "DO $$ BEGIN CREATE ROLE guest LOGIN PASSWORD 'guest'; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        );
        await using var db = database.Open(wrong);

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => DatabaseUpgrade.RunAsync(db, TimeProvider.System, Ct));

        Assert.Contains(says, DatabaseFault.Sentence(fault), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PostgresErrorCodes.DiskFull, "make room")]
    [InlineData(PostgresErrorCodes.TooManyConnections, "max_connections")]
    [InlineData(PostgresErrorCodes.CannotConnectNow, "wait")]
    [InlineData(PostgresErrorCodes.UniqueViolation, "try again")]
    public void What_befalls_it_later_is_said_too(string state, string says) =>
        Assert.Contains(
            says,
            DatabaseFault.Sentence(new DbUpdateException("outer", new PostgresException("inner", "ERROR", "ERROR", state))),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task The_program_says_it_on_one_line_and_names_the_key_but_not_the_password()
    {
        var folder = Repository.NewFolder("no-server");
        var file = Path.Combine(folder, "connection");
        TestDatabase.WriteConnection(file, "Host=127.0.0.1;Port=1;Database=portal;Username=portal;Password=Secret-Harbour-9");

        var outcome = await RunAsync(folder, file);

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith(
            "Portal:ConnectionStringFile: ",
            Assert.Single(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Secret-Harbour-9", outcome.Error + outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_connection_must_be_its_owners_alone()
    {
        var folder = Repository.NewFolder("open-connection");
        var file = Path.Combine(folder, "connection");
        TestDatabase.WriteConnection(file, "Host=127.0.0.1;Database=portal");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var outcome = await RunAsync(folder, file);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains($"chmod 600 {file}", outcome.Error, StringComparison.Ordinal);
    }

    private static Task<CommandOutcome> RunAsync(string folder, string connectionFile) =>
        Command.RunAsync(
            "dotnet",
            [Repository.Program("PortalApp"), "tenant", "list"],
            new Dictionary<string, string>
            {
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["Portal__Origin"] = "https://localhost:8443",
                ["Portal__DataDirectory"] = Path.Combine(folder, "data"),
                ["Portal__Database"] = "PostgreSql",
                ["Portal__ConnectionStringFile"] = connectionFile,
                ["Mail__Outbox"] = Path.Combine(folder, "outbox"),
                ["Mail__From"] = "no-reply@portal.example",
            },
            cancellation: Ct
        );

    private static async Task<string?> CommitAsync(PortalDb db) =>
        (await db.Database.SqlQueryRaw<string>("SELECT current_setting('synchronous_commit') AS \"Value\"").ToListAsync(Ct)).Single();

    private static async Task<EmptyDatabase> NewAsync()
    {
        var server = await RunServer.StartedAsync();
        var database = new EmptyDatabase(server, $"empty_{Guid.CreateVersion7():N}");
        await database.ExecuteAsync("CREATE DATABASE {0}");
        return database;
    }

    private sealed class EmptyDatabase(PostgreSqlServer server, string name) : IAsyncDisposable
    {
        public PostgreSqlPortalDb Open(string changed = "") => new(PostgreSqlPortalDb.On($"{server.ConnectionTo(name)};{changed}").Options);

        public Task ExecuteAsync(string statement) => server.ExecuteAsync(statement.Replace("{0}", name, StringComparison.Ordinal));

        public async ValueTask DisposeAsync() => await ExecuteAsync("DROP DATABASE {0} WITH (FORCE)");
    }
}
