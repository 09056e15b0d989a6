using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Data;

public sealed class StartTests(ForestFixture forests)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writes_outlive_a_power_cut_wait_for_each_other_and_keep_their_references()
    {
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync(), Ct);
        await using var db = await portal.OpenDatabaseAsync();

        Assert.Equal("wal", await PragmaAsync(db, "journal_mode"));
        Assert.Equal("2", await PragmaAsync(db, "synchronous"));
        Assert.Equal("1", await PragmaAsync(db, "foreign_keys"));
        Assert.Equal("10000", await PragmaAsync(db, "busy_timeout"));
    }

    [Fact]
    public async Task The_data_folder_is_its_owners_alone()
    {
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync(), Ct);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(portal.DataDirectory));
    }

    [Fact]
    public async Task A_start_that_was_killed_while_it_upgraded_stops_no_later_one()
    {
        var folder = Repository.NewFolder("killed-upgrade");
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "portal.db")};Pooling=false"))
        {
            await connection.OpenAsync(Ct);
            await using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00');
                """;
            await command.ExecuteNonQueryAsync(Ct);
        }

        await using var db = Open(folder);
        await DatabaseUpgrade.RunAsync(db, TimeProvider.System, Ct).WaitAsync(TimeSpan.FromSeconds(30), Ct);

        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Ct));
    }

    [Fact]
    public async Task Two_that_start_at_once_on_an_empty_folder_both_start()
    {
        var folder = Repository.NewFolder("two-starts");
        await using var one = Open(folder);
        await using var two = Open(folder);

        await Task.WhenAll(
            Task.Run(() => DatabaseUpgrade.RunAsync(one, TimeProvider.System, Ct), Ct),
            Task.Run(() => DatabaseUpgrade.RunAsync(two, TimeProvider.System, Ct), Ct)
        );

        Assert.Empty(await two.Database.GetPendingMigrationsAsync(Ct));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_in_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        using var certificates = await TestCertificates.OpenOrCreateAsync(Path.Combine(Repository.Scratch, "certificates"), Ct);
        var folder = Repository.NewFolder("taken");
        var tls = certificates.Issue(folder, "portal", ["localhost"], [IPAddress.Loopback]);

        var outcome = await ServeAsync(folder, $"https://127.0.0.1:{port}", tls);

        AssertOneLine(outcome, "already in use");
        Assert.Contains($"127.0.0.1:{port}", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_cannot_be_read_is_said_in_one_line() =>
        AssertOneLine(await ServeAsync(Repository.NewFolder("address"), "https://localhost:8443/path"), "Urls");

    [Fact]
    public async Task A_data_folder_that_cannot_be_made_is_said_in_one_line()
    {
        var file = Path.Combine(Repository.NewFolder("no-folder"), "file");
        await File.WriteAllTextAsync(file, "x", Ct);

        AssertOneLine(await ServeAsync(file, "https://127.0.0.1:0"), "Portal:DataDirectory");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_said_in_one_line()
    {
        var folder = Repository.NewFolder("damaged");
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        MasterKey.OpenOrCreate(Path.Combine(folder, "data", "keys", "master.key")).Dispose();
        await File.WriteAllTextAsync(Path.Combine(folder, "data", "portal.db"), new string('x', 4096), Ct);

        AssertOneLine(await ServeAsync(folder, "https://127.0.0.1:0"), "damaged");
    }

    private static SqlitePortalDb Open(string folder) => new(SqlitePortalDb.On(Path.Combine(folder, "portal.db")).Options);

    private static async Task<string?> PragmaAsync(PortalDb db, string name)
    {
        await db.Database.OpenConnectionAsync(Ct);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA " + name;
        return Convert.ToString(await command.ExecuteScalarAsync(Ct), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Task<CommandOutcome> ServeAsync(string folder, string urls, ServerCertificate? tls = null) =>
        Command.RunAsync(
            "dotnet",
            [Repository.Program("PortalApp")],
            new Dictionary<string, string>
            {
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["Portal__Origin"] = "https://localhost:8443",
                ["Portal__DataDirectory"] = Path.Combine(folder, "data"),
                ["Mail__Outbox"] = Path.Combine(Path.GetTempPath(), "outbox"),
                ["Mail__From"] = "no-reply@portal.example",
                ["Urls"] = urls,
                ["Kestrel__Certificates__Default__Path"] = tls?.CertificateFile ?? "",
                ["Kestrel__Certificates__Default__KeyPath"] = tls?.KeyFile ?? "",
            },
            cancellation: Ct
        );

    private static void AssertOneLine(CommandOutcome outcome, string says)
    {
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(says, outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("   at ", outcome.Output, StringComparison.Ordinal);
    }
}
