using System.CommandLine;
using Agent.Commands;

namespace Agent;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var root = new RootCommand("The directory's side of the password portal. It only ever dials out.")
        {
            EnrolCommand.Create(),
            RunCommand.Create(),
            StatusCommand.Create(),
            ExplainCommand.Create(),
            SyncCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return CommandFolder.RefuseLine(parsed.Errors.Select(error => error.Message));
        }

        // The host ends itself on SIGTERM; the command line's own two seconds would cut it short.
        return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = null });
    }
}
