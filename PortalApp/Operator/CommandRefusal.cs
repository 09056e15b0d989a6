using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PortalApp.Audit;

namespace PortalApp.Operator;

/// <summary>Why a command did nothing, and what to do: all mistakes at once, a sentence each, in English.</summary>
internal sealed record CommandRefusal(IReadOnlyList<(string Field, string Sentence)> Errors)
{
    public CommandRefusal(string sentence)
        : this([("", sentence)]) { }

    /// <summary>Null where it is done.</summary>
    /// <param name="notThere">What is said where the thing to be changed is not there.</param>
    public static CommandRefusal? Of<T>(ChangeOutcome<T> outcome, string notThere = "It is not there any more.") =>
        outcome switch
        {
            ChangeOutcome<T>.Done => null,
            ChangeOutcome<T>.Wrong wrong => new([.. wrong.Errors.Select(e => (e.Field, e.In(CultureInfo.InvariantCulture)))]),
            ChangeOutcome<T>.ChangedMeanwhile other => new(
                $"{other.By} changed the same at {other.At:O}; look what is there, and try again."
            ),
            ChangeOutcome<T>.NotThere => new(notThere),
            _ => throw new UnreachableException(),
        };

    /// <summary>As the operator reads it, after the option that each mistake is in.</summary>
    public string Sentence(Command command)
    {
        return string.Join(' ', Errors.Select(error => $"{OptionOf(error.Field)}{error.Sentence}"));

        string OptionOf(string field)
        {
            var option = $"--{JsonNamingPolicy.KebabCaseLower.ConvertName(field)}";
            return command.Options.Any(o => o.Name == option) ? $"{option}: " : "";
        }
    }
}
