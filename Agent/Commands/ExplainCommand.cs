using System.CommandLine;
using Agent.Directory;
using Agent.DirectorySync;
using Agent.DirectorySync.Links;
using Agent.Store;
using Agent.Writeback;
using Microsoft.Extensions.DependencyInjection;
using Portal.Writeback;

namespace Agent.Commands;

internal static class ExplainCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("UPN") { Description = "A person's user principal name." };
        var data = CommandFolder.Option();
        var explain = new Command(
            "explain",
            "Show one person's links from the directory to the cloud, what the check of the account comes to, and the remedy for what is missing."
        )
        {
            name,
            data,
        };
        explain.SetAction(
            (parsed, cancellation) => RunAsync(CommandFolder.PathOf(parsed, data), parsed.GetRequiredValue(name), cancellation)
        );
        return explain;
    }

    private static async Task<int> RunAsync(string folder, string name, CancellationToken cancellation)
    {
        if (CommandFolder.RefuseOthers(folder) is { } refused)
        {
            return refused;
        }

        if (CommandFolder.ReadOptions(folder) is not { } options)
        {
            return CommandFolder.WrongConfiguration;
        }

        if (!File.Exists(Path.Combine(folder, SyncDatabase.FileName)))
        {
            return CommandFolder.Refuse($"No sync run has been made in {folder} yet.");
        }

        var explanation = new LinkExplanation(DirectorySyncServices.DatabaseIn(folder));
        var links = explanation.Explain(name).ToList();
        if (explanation.EndsOf(name) is { } ends)
        {
            await using var services = new ServiceCollection()
                .AddLogging()
                .AddSingleton(TimeProvider.System)
                .AddSingleton(options)
                .AddSingleton(new AgentFolder(folder))
                .AddDirectory()
                .AddDirectorySync()
                .AddWriteback()
                .BuildServiceProvider();
            links.AddRange(await services.GetRequiredService<CheckExplanation>().ExplainAsync(ends, cancellation));
        }

        links.ForEach(Print);
        return links.TrueForAll(link => link.IsThere) ? 0 : CommandFolder.Failed;
    }

    private static void Print(ExplainedLink link)
    {
        Console.WriteLine($"{(link.IsThere ? "there  " : "MISSING")}  {link.Name}: {link.Detail}");
        if (link.Remedy is { } remedy)
        {
            Console.WriteLine($"         Remedy: {remedy}");
        }
    }
}
