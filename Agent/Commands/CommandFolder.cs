using System.CommandLine;

namespace Agent.Commands;

/// <summary>What every command has: the data folder, and how it ends.</summary>
internal static class CommandFolder
{
    public const int Failed = 1;
    public const int WrongConfiguration = 2;

    public static Option<string> Option() =>
        new("--data") { Description = "The agent's data folder; it holds agent.json.", Required = true };

    public static string PathOf(ParseResult parsed, Option<string> option) => Path.GetFullPath(parsed.GetRequiredValue(option));

    public static int Refuse(string sentence, int code = Failed)
    {
        Console.Error.WriteLine(sentence);
        return code;
    }

    /// <summary>Null after every mistake was written to stderr.</summary>
    public static AgentOptions? ReadOptions(string folder)
    {
        switch (AgentOptionsFile.Read(folder))
        {
            case AgentOptionsReading.Good(var options):
                return options;
            case AgentOptionsReading.Wrong(var errors):
                foreach (var error in errors)
                {
                    Console.Error.WriteLine(error);
                }

                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
