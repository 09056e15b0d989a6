using System.Text.Json;
using System.Text.Json.Nodes;
using Agent.Status;
using PortalApp.Tests.Fixtures.Forests;

namespace PortalApp.Tests.Fixtures.Processes;

/// <summary>The agent as its own process, with the folder that its operator prepared: configuration and the directory account's password.</summary>
/// <param name="credentials">A folder of secrets, as systemd hands it to a service; null for none.</param>
/// <param name="environment">Beside what every agent of a test has.</param>
internal sealed class AgentProcess(
    string folder,
    string logFile,
    string? credentials = null,
    IReadOnlyDictionary<string, string>? environment = null
) : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private readonly DotnetProgram program = new(
        "Agent",
        logFile,
        new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
        {
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["NO_PROXY"] = "localhost,127.0.0.1",
            ["CREDENTIALS_DIRECTORY"] = credentials ?? "",
            // As the service's unit says: the system's allocator keeps memory for each of many threads otherwise.
            ["MALLOC_ARENA_MAX"] = "2",
        }
    );

    public string DataDirectory => folder;

    public string LogFile => logFile;

    public ChildProcess? Process => program.Process;

    /// <summary>Writes what an operator writes before enrolment.</summary>
    public async Task ConfigureAsync(AgentSetup setup, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(folder);
        var secret = Path.Combine(folder, "bind.secret");
        await using (
            var writer = new StreamWriter(
                secret,
                new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            )
        )
        {
            await writer.WriteAsync(Forest.AgentPassword.AsMemory(), cancellation);
        }

        await File.WriteAllTextAsync(
            Path.Combine(folder, "agent.json"),
            JsonSerializer.Serialize(setup.ToConfiguration(secret), JsonSerializerOptions.Web),
            cancellation
        );
    }

    /// <summary>As an operator who changes one key of the configuration; the agent reads it at its next start.</summary>
    public async Task WriteAsync(string key, JsonNode? value)
    {
        var file = Path.Combine(folder, "agent.json");
        var written = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject();
        written.Remove(key);
        if (value is not null)
        {
            written[key] = value;
        }

        await File.WriteAllTextAsync(file, written.ToJsonString());
    }

    /// <returns>What the agent printed, its keys' fingerprint among it.</returns>
    public Task<string> EnrolAsync(string portal, string code, CancellationToken cancellation = default) =>
        program.RequireAsync(["enrol", "--portal", portal, "--code", code, "--data", folder], cancellation);

    public Task<ChildProcess> LaunchAsync() => program.LaunchAsync("run", "--data", folder);

    public async Task StartAsync(CancellationToken cancellation = default)
    {
        await LaunchAsync();
        await WaitUntilReadyAsync(cancellation);
    }

    /// <summary>
    /// Listening on the relay, the directory answers, and one sync has run. Reads what the command status reads: a process for each look would
    /// take the machine from the agent that starts. What another agent of the folder left there counts for nothing.
    /// </summary>
    public Task WaitUntilReadyAsync(CancellationToken cancellation = default) =>
        program.WaitAsync(
            () =>
                Task.FromResult(
                    StatusFile.Read(folder)?.ProcessId == Process?.Id && StatusFile.Problem(folder, TimeProvider.System.GetUtcNow()) is null
                ),
            StartDeadline,
            "the agent to be connected and synchronised",
            cancellation
        );

    public Task<CommandOutcome> StatusAsync(CancellationToken cancellation = default) =>
        program.RunAsync(["status", "--data", folder], cancellation);

    public Task<CommandOutcome> RunAsync(string[] arguments, CancellationToken cancellation = default) =>
        program.RunAsync(arguments, cancellation);

    public ValueTask DisposeAsync() => program.DisposeAsync();
}

/// <summary>One agent's configuration, for a forest of ours.</summary>
internal sealed record AgentSetup(string Portal, Forest Forest)
{
    public string Connector { get; init; } = "corp.test";
    public string BindName { get; init; } = Forest.AgentUpn;
    public IReadOnlyList<string> Scopes { get; init; } = [Forest.StaffDn];
    public IReadOnlyList<string> Groups { get; init; } = [];
    public IReadOnlyList<string> Protected { get; init; } = [];
    public int SetsPerMinute { get; init; } = 600;
    public int SetsPerAccountPerHour { get; init; } = 20;
    public int SyncSeconds { get; init; } = 60;

    public object ToConfiguration(string bindPasswordFile) =>
        new
        {
            Portal,
            PortalCa = Forest.AuthorityFile,
            Directory = new
            {
                Connector,
                Servers = new[] { Forest.Address.ToString() },
                Port = Forest.Ldaps.Port,
                Ca = Forest.AuthorityFile,
                BaseDn = Forest.BaseDn,
                Scopes,
                Groups,
                BindName,
                BindPasswordFile = bindPasswordFile,
            },
            Protected,
            Limits = new { SetsPerMinute, SetsPerAccountPerHour },
            Sync = new { IntervalSeconds = SyncSeconds },
        };
}
