using System.Diagnostics;

namespace PortalApp.Tests.Fixtures.Processes;

/// <summary>A program that runs to its end, with what it said.</summary>
internal static class Command
{
    /// <param name="deadline">A command that takes longer is killed, and the call throws.</param>
    public static async Task<CommandOutcome> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingDirectory = null,
        TimeSpan? deadline = null,
        CancellationToken cancellation = default
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(deadline ?? TimeSpan.FromSeconds(60));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <exception cref="InvalidOperationException">The command ended with another exit code than 0; the message carries its last lines.</exception>
    public static async Task<CommandOutcome> RequireAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        CancellationToken cancellation = default
    )
    {
        var outcome = await RunAsync(program, arguments, environment, deadline: TimeSpan.FromMinutes(3), cancellation: cancellation);
        return outcome.ExitCode == 0
            ? outcome
            : throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {outcome.ExitCode}: {outcome.LastWords}");
    }
}

internal sealed record CommandOutcome(int ExitCode, string Output, string Error)
{
    /// <summary>The last line that says something, of stderr if there is one.</summary>
    public string LastWords =>
        $"{Output}\n{Error}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
}
