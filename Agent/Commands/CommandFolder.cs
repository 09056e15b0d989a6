using System.CommandLine;
using Portal.Settings;

namespace Agent.Commands;

/// <summary>What every command has: the data folder, and how it ends.</summary>
internal static class CommandFolder
{
    public const int Failed = 1;
    public const int WrongConfiguration = 2;
    private const int CommandRefused = 41501;
    private const int ValueRefused = 41502;
    private const int CommandNotUnderstood = 41503;

    public static Option<string> Option() =>
        new("--data") { Description = "The agent's data folder; it holds agent.json.", Required = true };

    public static string PathOf(ParseResult parsed, Option<string> option) => Path.GetFullPath(parsed.GetRequiredValue(option));

    /// <summary>Null where the folder is this account's, or not there; else the exit code, after the refusal was written to stderr.</summary>
    public static int? RefuseOthers(string folder) => FolderOwner.Complaint(folder) is { } others ? Refuse(others) : null;

    public static int Refuse(string sentence, int code = Failed)
    {
        Complain(sentence, CommandRefused);
        return code;
    }

    public static int RefuseLine(IEnumerable<string> errors)
    {
        errors.ToList().ForEach(error => Complain(error, CommandNotUnderstood));
        return WrongConfiguration;
    }

    /// <summary>Null after every mistake was written to stderr.</summary>
    public static AgentOptions? ReadOptions(string folder)
    {
        switch (AgentOptionsFile.Read(folder))
        {
            case AgentOptionsReading.Good(var options):
                return options;
            case AgentOptionsReading.Wrong(var errors):
                errors.ToList().ForEach(error => Complain(error, ValueRefused));
                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>A sentence, and the stable number of its kind, as a line of the log has one.</summary>
    private static void Complain(string sentence, int number) => Console.Error.WriteLine($"{sentence.ReplaceLineEndings(" ")} [{number}]");
}
