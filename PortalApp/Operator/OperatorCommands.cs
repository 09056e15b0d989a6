using System.CommandLine;
using Portal.Tenants;
using PortalApp.Tenants;

namespace PortalApp.Operator;

/// <summary>The operator's commands on the portal's host; they work on the same database, also while the portal serves.</summary>
internal static class OperatorCommands
{
    /// <param name="settings">Configuration beside the file's and the environment's, as <c>--Section:Key=value</c>.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, string[] settings)
    {
        var root = new RootCommand("The password portal. Without a command it serves; each command works on the same database.")
        {
            TenantCommands.Tenant(),
            DomainCommands.Domain(),
            AgentCommands.Agent(),
            UserCommands.User(),
            GroupCommands.Group(),
            PolicyCommands.Policy(),
            QuestionCommands.Question(),
            AdminCommands.Admin(),
            KeyCommands.Key(),
            RecordCommands.Audit(),
            RecordCommands.Request(),
            TraceCommand.Trace(),
            DemoPastCommand.Demo(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var mistake in parsed.Errors)
            {
                Complaint.Write(error, Complaint.CommandNotUnderstood, mistake.Message);
            }

            return Program.WrongConfiguration;
        }

        return await parsed.InvokeAsync(
            new CommandRun(settings)
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
            }
        );
    }

    /// <summary>Runs one command on the portal's services without listening; a <see cref="CommandRefusal"/> becomes one line on stderr.</summary>
    public static void Does(this Command command, Func<CommandCall, Task<CommandRefusal?>> action) =>
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var run = (CommandRun)parsed.InvocationConfiguration;
                await using var app = PortalProgram.Build(run.Settings, builder => builder.Logging.OnStandardError(), serves: false);
                await PortalProgram.PrepareAsync(app.Services, cancellation);
                if (await action(new(app.Services, parsed, cancellation)) is not { } refusal)
                {
                    return 0;
                }

                Complaint.Write(run.Error, Complaint.CommandRefused, refusal.Sentence(command));
                return Program.CannotStart;
            }
        );

    /// <summary>The same, of a tenant that is there.</summary>
    public static void Does(this Command command, Option<int> tenant, Func<CommandCall, TenantId, Task> action) =>
        command.Does(async call =>
        {
            var id = new TenantId(call.Typed.GetRequiredValue(tenant));
            if (await call.Get<TenantStore>().FindAsync(id, call.Cancellation) is null)
            {
                return new(CommandCall.NoTenant(id));
            }

            await action(call, id);
            return null;
        });

    private sealed class CommandRun(string[] settings) : InvocationConfiguration
    {
        public string[] Settings => settings;
    }
}
