using System.CommandLine;
using Portal.Tenants;
using PortalApp.Agents;

namespace PortalApp.Operator;

internal static class AgentCommands
{
    public static Command Agent() =>
        new("agent", "The tenants' agents on premises.")
        {
            Code(),
            Codes(),
            RevokeCode(),
            List(),
            AgentSyncCommands.Sync(),
            AgentSyncCommands.LetGo(),
            Rename(),
            Revoke(),
        };

    private static Command Code()
    {
        var tenant = TenantCommands.TenantOption();
        var note = new Option<string?>("--for") { Description = "What it is for; kept beside the code." };
        note.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && (text.Length > EnrolmentCodes.MaxNoteChars || text.Any(char.IsControl)))
            {
                result.AddError($"--for takes one line of at most {EnrolmentCodes.MaxNoteChars} characters.");
            }
        });
        var code = new Command("code", "Print an enrolment code: 15 minutes, once, for one tenant.") { tenant, note };
        code.Does(
            tenant,
            async (call, id) =>
            {
                var codes = call.Get<EnrolmentCodes>();
                call.Output.WriteLine((await codes.IssueAsync(id, call.By, call.Typed.GetValue(note), call.Cancellation)).Text);
            }
        );
        return code;
    }

    private static Command Codes()
    {
        var tenant = TenantCommands.TenantOption();
        var codes = new Command("codes", "List a tenant's enrolment codes of the last day: number, by whom, for what, what became of it.")
        {
            tenant,
        };
        codes.Does(
            tenant,
            async (call, id) =>
            {
                foreach (var code in await call.Get<EnrolmentCodes>().ListAsync(id, call.Cancellation))
                {
                    var state =
                        code.UsedAt is { } used ? $"used {used:O}"
                        : code.RevokedAt is { } revoked ? $"revoked {revoked:O}"
                        : $"good until {code.ExpiresAt:O}";
                    call.PrintRow(code.Id, code.IssuedBy, code.Note, state);
                }
            }
        );
        return codes;
    }

    private static Command RevokeCode()
    {
        var tenant = TenantCommands.TenantOption();
        var id = new Argument<long>("number") { Description = "As: agent codes shows it." };
        var revoke = new Command("revoke-code", "Make an enrolment code good for nothing.") { id, tenant };
        revoke.Does(async call =>
        {
            var (of, number) = (call.Typed.GetRequiredValue(tenant), call.Typed.GetRequiredValue(id));
            return await call.Get<EnrolmentCodes>().RevokeAsync(new TenantId(of), number, call.By, call.Cancellation)
                ? null
                : new($"Tenant {of} has no good code {number}; see: agent codes.");
        });
        return revoke;
    }

    private static Command List()
    {
        var tenant = TenantCommands.TenantOption();
        var list = new Command(
            "list",
            "List a tenant's agents: id, name, fingerprint, last sign of life, what it serves, where it listens."
        )
        {
            tenant,
        };
        list.Does(
            tenant,
            async (call, id) =>
            {
                foreach (var agent in await call.Get<AgentStore>().ListAsync(id, call.Cancellation))
                {
                    var state =
                        agent.RevokedAt is { } revoked ? $"revoked {revoked:O}"
                        : agent.LastHelloAt is { } seen ? $"last seen {seen:O}"
                        : "not seen yet";
                    call.PrintRow(agent.Id, agent.Name, AgentStore.FingerprintOf(agent), state, AgentSentences.Of(agent), agent.Relay);
                }
            }
        );
        return list;
    }

    private static Command Rename()
    {
        var (id, name) = (
            new Argument<string>("id") { Description = "As: agent list shows it." },
            new Argument<string>("name") { Description = "How the portal lists it from now on." }
        );
        var tenant = TenantCommands.TenantOption();
        var rename = new Command("rename", "Give an agent another name.") { id, name, tenant };
        rename.Does(async call =>
        {
            var (of, typed) = (new TenantId(call.Typed.GetRequiredValue(tenant)), call.Typed.GetRequiredValue(id));
            var outcome = await call.ChangeAsync(db =>
                call.Get<AgentStore>().RenameAsync(db, of, typed, call.Typed.GetRequiredValue(name), call.By, call.Cancellation)
            );
            return CommandRefusal.Of(outcome, $"Tenant {of} has no active agent {typed}; see: agent list.");
        });
        return rename;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("id") { Description = "As: agent list shows it." };
        var revoke = new Command("revoke", "End an agent's keys and its relay secret at once.") { id };
        revoke.Does(async call =>
            await call.Get<AgentStore>().RevokeAsync(call.Typed.GetRequiredValue(id), call.By, call.Cancellation)
                ? null
                : new($"There is no active agent {call.Typed.GetRequiredValue(id)}; see: agent list.")
        );
        return revoke;
    }
}
