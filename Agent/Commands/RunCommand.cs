using System.CommandLine;
using Agent.Enrolment;
using Agent.Store;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace Agent.Commands;

internal static class RunCommand
{
    public static Command Create()
    {
        var data = CommandFolder.Option();
        var run = new Command("run", "Serve: listen on the relay, set passwords, keep the portal's people current.") { data };
        run.SetAction((parsed, cancellation) => RunAsync(CommandFolder.PathOf(parsed, data), cancellation));
        return run;
    }

    private static async Task<int> ServeAsync(string folder, AgentOptions options, AgentIdentity identity, CancellationToken cancellation)
    {
        try
        {
            using var only = AgentFolder.TryTake(folder);
            if (only is null)
            {
                return CommandFolder.Refuse($"An agent works with {folder} already; stop it first.");
            }

            using var host = AgentHost.Build(folder, options, identity);
            await host.RunAsync(cancellation);
            return 0;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return CommandFolder.Refuse($"The agent cannot work with {folder}: {e.Message}");
        }
    }

    private static async Task<int> RunAsync(string folder, CancellationToken cancellation)
    {
        if (CommandFolder.RefuseOthers(folder) is { } refused)
        {
            return refused;
        }

        if (CommandFolder.ReadOptions(folder) is not { } options)
        {
            return CommandFolder.WrongConfiguration;
        }

        AgentIdentity? identity;
        try
        {
            identity = new IdentityStore(folder).Load();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CommandFolder.Refuse($"The agent's keys in {folder} cannot be read: {e.Message}");
        }

        if (identity is null)
        {
            return CommandFolder.Refuse(
                $"{folder} holds no enrolled agent. Enrol it: Agent enrol --portal {options.Portal} --code CODE --data {folder}"
            );
        }

        using (identity)
        {
            return await ServeAsync(folder, options, identity, cancellation);
        }
    }
}
