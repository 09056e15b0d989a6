using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Fixtures.Databases;

/// <summary>
/// A PostgreSQL of our own from the distribution's programs, on one loopback port, in one folder. It refuses to run as root; so it runs in a
/// user namespace in which its folder's owner bears another number, and needs neither an account nor other rights on the folder.
/// </summary>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string Owner = "portal";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly string[] AsNobody = Environment.IsPrivilegedProcess
        ? ["unshare", "--user", "--map-user=65534", "--map-group=65534"]
        : ["env"];
    private readonly string folder;
    private readonly string logFile;
    private readonly string password;
    private readonly int port;

    private PostgreSqlServer(string folder, string logFile, string password, int port) =>
        (this.folder, this.logFile, this.password, this.port) = (folder, logFile, password, port);

    public ChildProcess? Process { get; private set; }

    public string LogFile => logFile;

    private string Data => Path.Combine(folder, "data");

    /// <summary>A cluster that nothing was in before.</summary>
    /// <param name="folder">Exists, and is empty.</param>
    public static async Task<PostgreSqlServer> CreateAsync(string folder, string logFile)
    {
        var server = new PostgreSqlServer(
            folder,
            logFile,
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            Loopback.FreePort()
        );
        var secret = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(secret, server.password);
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string[] init =
        [
            .. AsNobody[1..],
            Program("initdb"),
            $"--pgdata={server.Data}",
            $"--username={Owner}",
            $"--pwfile={secret}",
            "--auth=md5",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ];
        await Command.RequireAsync(AsNobody[0], init);
        return server;
    }

    /// <param name="durable">False for tests, which no power cut outlives: nothing waits for the disk.</param>
    public async Task<ChildProcess> LaunchAsync(bool durable)
    {
        string[] settings =
        [
            $"port={port.ToString(CultureInfo.InvariantCulture)}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=400",
            "shared_buffers=64MB",
            .. durable ? [] : new[] { "fsync=off", "full_page_writes=off", "autovacuum=off", "jit=off" },
        ];

        // The death signal was given up with the rights, so it is asked for once more.
        return Process = await ChildProcess.StartAsync(
            AsNobody[0],
            [
                .. AsNobody[1..],
                "setpriv",
                "--pdeathsig",
                "QUIT",
                Program("postgres"),
                "-D",
                Data,
                .. settings.SelectMany(setting => new[] { "-c", setting }),
            ],
            logFile
        );
    }

    public Task WaitUntilAnsweringAsync(CancellationToken cancellation = default) =>
        Eventually.TrueAsync(AnswersAsync, Deadline, $"PostgreSQL on port {port} (its log: {logFile})", cancellation);

    public string ConnectionTo(string database) =>
        $"Host=127.0.0.1;Port={port.ToString(CultureInfo.InvariantCulture)};Username={Owner};Password={password};Database={database}";

    /// <summary>Outside any database: makes one, drops one.</summary>
    public async Task ExecuteAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres"));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Process is { Exited.IsCompleted: false } running)
        {
            // Its own word for a stop that waits for nobody; a signal to end lets those who are connected stay.
            await Command.RunAsync(AsNobody[0], [.. AsNobody[1..], Program("pg_ctl"), "stop", "-D", Data, "-m", "fast"]);
            await running.DisposeAsync();
        }
    }

    /// <summary>Debian keeps the server's own programs off the path, in a folder for each version.</summary>
    private static string Program(string name) =>
        Directory
            .GetDirectories("/usr/lib/postgresql")
            .Select(version => Path.Combine(version, "bin", name))
            .Where(File.Exists)
            .Max(StringComparer.Ordinal)
        ?? throw new InvalidOperationException($"There is no {name} in /usr/lib/postgresql: apt-get install postgresql.");

    private async Task<bool> AnswersAsync()
    {
        if (Process is not { Exited.IsCompleted: false })
        {
            throw new InvalidOperationException($"PostgreSQL ended at once; its log is {logFile}.");
        }

        try
        {
            await ExecuteAsync("SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
