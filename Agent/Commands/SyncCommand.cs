using System.CommandLine;
using Agent.DirectorySync;
using Agent.DirectorySync.Groups;

namespace Agent.Commands;

internal static class SyncCommand
{
    public static Command Create()
    {
        var letGo = new Option<bool>("--let-go") { Description = "Let those go at the next run." };
        var data = CommandFolder.Option();
        var sync = new Command("sync", "Say whether a drop of accounts waits for a word, or give it.") { letGo, data };
        sync.SetAction(parsed => Run(CommandFolder.PathOf(parsed, data), parsed.GetValue(letGo)));
        return sync;
    }

    private static int Run(string folder, bool letGo)
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

        using var connection = DirectorySyncServices.DatabaseIn(folder).Open();
        var connector = options.Directory.Connector;
        var held = letGo ? Leavers.LetGo(connection, connector) : Leavers.Held(connection, connector);
        var groups = GroupImport.Held(connection, connector);
        if (letGo)
        {
            GroupImport.LetGo(connection, connector);
        }

        foreach (var (name, lost, of) in groups)
        {
            Say(
                letGo
                    ? $"The next run lets {lost} of {of} members of {name} go."
                    : $"{lost} of {of} members of {name} are in it no more and wait for: {Leavers.Command}"
            );
        }

        if (held is not var (missing, before))
        {
            if (groups.Count > 0)
            {
                return 0;
            }

            return letGo ? CommandFolder.Refuse("Nobody waits to be let go.") : Say("Nobody waits to be let go.");
        }

        return Say(
            letGo
                ? $"The next run lets {missing} of {before} accounts go."
                : $"{missing} of {before} accounts are not found any more and wait for: {Leavers.Command}"
        );
    }

    private static int Say(string sentence)
    {
        Console.WriteLine(sentence);
        return 0;
    }
}
