namespace PortalApp.Tests.Fixtures.Processes;

/// <summary>A built program of this repository, run as an operator runs it: served in the background, or one command to its end.</summary>
internal sealed class DotnetProgram(string project, string logFile, IReadOnlyDictionary<string, string> environment) : IAsyncDisposable
{
    private static readonly string Dotnet = Environment.ProcessPath is { } own && Path.GetFileName(own) == "dotnet" ? own : "dotnet";
    private readonly string assembly = Repository.Program(project);

    public string LogFile => logFile;

    public ChildProcess? Process { get; private set; }

    public async Task<ChildProcess> LaunchAsync(params string[] arguments) =>
        Process = await ChildProcess.StartAsync(Dotnet, [assembly, .. arguments], logFile, environment, Path.GetDirectoryName(assembly));

    public Task<CommandOutcome> RunAsync(string[] arguments, CancellationToken cancellation) =>
        Command.RunAsync(Dotnet, [assembly, .. arguments], environment, Path.GetDirectoryName(assembly), cancellation: cancellation);

    /// <summary>The command's stdout, trimmed.</summary>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0.</exception>
    public async Task<string> RequireAsync(string[] arguments, CancellationToken cancellation)
    {
        var outcome = await RunAsync(arguments, cancellation);
        return outcome.ExitCode == 0
            ? outcome.Output.Trim()
            : throw new InvalidOperationException(
                $"{project} {string.Join(' ', arguments.Take(2))} ended with {outcome.ExitCode}: {outcome.LastWords}"
            );
    }

    /// <summary>Waits for a condition of the running program, and says its last words when it ends instead.</summary>
    public async Task WaitAsync(Func<Task<bool>> condition, TimeSpan deadline, string what, CancellationToken cancellation)
    {
        var running = Process ?? throw new InvalidOperationException($"{project} was not started.");
        await Eventually.TrueAsync(
            async () =>
                !running.Exited.IsCompleted
                    ? await condition()
                    : throw new InvalidOperationException($"{project} ended with {await running.Exited}: {LastLogLine()}"),
            deadline,
            $"{what} (its log: {logFile})",
            cancellation
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (Process is { } running)
        {
            Process = null;
            await running.DisposeAsync();
        }
    }

    private string LastLogLine() =>
        File.Exists(logFile) ? File.ReadLines(logFile).LastOrDefault(line => !string.IsNullOrWhiteSpace(line)) ?? "" : "";
}
