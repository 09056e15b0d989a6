using System.CommandLine;
using System.Globalization;
using FluentValidation.Results;
using PortalApp.Audit;

namespace PortalApp.Operator;

/// <summary>The operator's commands on the portal's host; they work on the same database, also while the portal serves.</summary>
internal static class OperatorCommands
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("The password portal. Without a command it serves; each command works on the same database.")
        {
            TenantCommands.Tenant(),
            DomainCommands.Domain(),
            AgentCommands.Agent(),
            UserCommands.User(),
            RecordCommands.Audit(),
            RecordCommands.Request(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                Complaint.Write(Complaint.CommandNotUnderstood, error.Message);
            }

            return Program.WrongConfiguration;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    /// <summary>One line of a list: its cells stand between tabs, and none of them can break the line or steer a terminal.</summary>
    public static void PrintRow(params object?[] cells) =>
        Console.WriteLine(string.Join('\t', cells.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture).OnOneLine())));

    /// <summary>Runs one command on the portal's services without listening; a <see cref="Refusal"/> becomes one line on stderr.</summary>
    public static void Does(this Command command, Func<IServiceProvider, ParseResult, CancellationToken, Task<Refusal?>> action) =>
        command.SetAction(
            async (parsed, cancellation) =>
            {
                await using var app = PortalProgram.Build([], builder => builder.Logging.OnStandardError(), serves: false);
                await PortalProgram.PrepareAsync(app.Services, cancellation);
                if (await action(app.Services, parsed, cancellation) is { } refusal)
                {
                    Complaint.Write(Complaint.CommandRefused, refusal.Sentence);
                    return Program.CannotStart;
                }

                return 0;
            }
        );
}

/// <summary>Why a command did nothing, and what to do.</summary>
internal sealed record Refusal(string Sentence)
{
    /// <summary>All mistakes at once, a sentence each.</summary>
    public static Refusal Of(ValidationResult mistakes) => new(string.Join(' ', mistakes.Errors.Select(mistake => mistake.ErrorMessage)));
}
