using System.CommandLine;
using Portal.Tenants;
using PortalApp.Agents;

namespace PortalApp.Operator;

/// <summary>How the tenants' directories are synchronised, and the word for a drop that waits.</summary>
internal static class AgentSyncCommands
{
    public static Command Sync()
    {
        var tenant = TenantCommands.TenantOption();
        var sync = new Command(
            "sync",
            "List how a tenant's synchronisation stands: agent, directory, when told, accounts, problem; below it who is concerned, by name."
        )
        {
            tenant,
        };
        sync.Does(
            tenant,
            async (call, id) =>
            {
                foreach (var row in await call.Get<SyncStandings>().ListAsync(id, call.Cancellation))
                {
                    Print(call, row);
                }
            }
        );
        return sync;
    }

    public static Command LetGo()
    {
        var id = new Argument<string>("id") { Description = "As: agent sync shows it." };
        var connector = new Argument<string>("directory") { Description = "As: agent sync shows it." };
        var mark = new Argument<string>("mark") { Description = "Of the drop that waits; as: agent sync shows it." };
        var tenant = TenantCommands.TenantOption();
        var letGo = new Command("let-go", "Let those go whom a directory no longer has, where so many wait for a word.")
        {
            id,
            connector,
            mark,
            tenant,
        };
        letGo.Does(async call =>
        {
            var typed = call.Typed;
            var released = await call.Get<SyncStandings>()
                .ReleaseAsync(
                    new TenantId(typed.GetRequiredValue(tenant)),
                    typed.GetRequiredValue(id),
                    typed.GetRequiredValue(connector),
                    typed.GetRequiredValue(mark),
                    call.By,
                    call.Cancellation
                );
            return released ? null : new("Nobody waits there to be let go, or others do by now; see: agent sync.");
        });
        return letGo;
    }

    private static void Print(CommandCall call, AgentSync row)
    {
        if (row.Read() is not { } told)
        {
            return;
        }

        call.PrintRow(row.AgentId, row.Connector, $"{row.At:O}", $"{told.Accounts} accounts", told.Problem);
        foreach (var one in told.Unreadable.First)
        {
            call.PrintRow("", "does not flow", one.Name, one.What);
        }

        foreach (var one in told.Refused.First)
        {
            call.PrintRow("", "refused", one.Name, one.What);
        }

        if (told.Held is { } held)
        {
            call.PrintRow("", row.Waits ? "waits for a word" : "let go", $"{held.Missing} of {held.Before}", held.Mark);
            foreach (var name in held.Who)
            {
                call.PrintRow("", "not found", name);
            }
        }
    }
}
