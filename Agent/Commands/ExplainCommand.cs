using System.CommandLine;
using Agent.DirectorySync;
using Agent.DirectorySync.Links;

namespace Agent.Commands;

internal static class ExplainCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("UPN") { Description = "A person's user principal name." };
        var data = CommandFolder.Option();
        var explain = new Command("explain", "Show one person's links from the directory to the cloud, and which is missing.")
        {
            name,
            data,
        };
        explain.SetAction(parsed => Run(CommandFolder.PathOf(parsed, data), parsed.GetRequiredValue(name)));
        return explain;
    }

    private static int Run(string folder, string name)
    {
        if (!File.Exists(Path.Combine(folder, SyncDatabase.FileName)))
        {
            return CommandFolder.Refuse($"No sync run has been made in {folder} yet.");
        }

        var links = new LinkExplanation(DirectorySyncServices.DatabaseIn(folder)).Explain(name);
        foreach (var link in links)
        {
            Console.WriteLine($"{(link.IsThere ? "there  " : "MISSING")}  {link.Name}: {link.Detail}");
        }

        return links.All(link => link.IsThere) ? 0 : CommandFolder.Failed;
    }
}
