using System.CommandLine;
using Portal.Tenants;
using PortalApp.Agents;

namespace PortalApp.Operator;

internal static class AgentCommands
{
    public static Command Agent() => new("agent", "The tenants' agents on premises.") { Code(), Codes(), RevokeCode(), List(), Revoke() };

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
            async (services, parsed, cancellation) =>
            {
                var id = new TenantId(parsed.GetRequiredValue(tenant));
                if (await TenantCommands.RefuseUnknownAsync(services, id, cancellation) is { } refusal)
                {
                    return refusal;
                }

                var codes = services.GetRequiredService<EnrolmentCodes>();
                Console.WriteLine(await codes.IssueAsync(id, HostOperator.Name, parsed.GetValue(note), cancellation));
                return null;
            }
        );
        return code;
    }

    private static Command Codes()
    {
        var tenant = TenantCommands.TenantOption();
        var codes = new Command("codes", "List a tenant's enrolment codes of the last day: number, by whom, for what, what became of it.") { tenant };
        codes.Does(
            async (services, parsed, cancellation) =>
            {
                var id = new TenantId(parsed.GetRequiredValue(tenant));
                if (await TenantCommands.RefuseUnknownAsync(services, id, cancellation) is { } refusal)
                {
                    return refusal;
                }

                foreach (var code in await services.GetRequiredService<EnrolmentCodes>().ListAsync(id, cancellation))
                {
                    var state =
                        code.UsedAt is { } used ? $"used {used:O}"
                        : code.RevokedAt is { } revoked ? $"revoked {revoked:O}"
                        : $"good until {code.ExpiresAt:O}";
                    OperatorCommands.PrintRow(code.Id, code.IssuedBy, code.Note, state);
                }

                return null;
            }
        );
        return codes;
    }

    private static Command RevokeCode()
    {
        var tenant = TenantCommands.TenantOption();
        var id = new Argument<long>("number") { Description = "As: agent codes shows it." };
        var revoke = new Command("revoke-code", "Make an enrolment code good for nothing.") { id, tenant };
        revoke.Does(
            async (services, parsed, cancellation) =>
                await services
                    .GetRequiredService<EnrolmentCodes>()
                    .RevokeAsync(new TenantId(parsed.GetRequiredValue(tenant)), parsed.GetRequiredValue(id), HostOperator.Name, cancellation)
                    ? null
                    : new Refusal($"Tenant {parsed.GetRequiredValue(tenant)} has no good code {parsed.GetRequiredValue(id)}; see: agent codes.")
        );
        return revoke;
    }

    private static Command List()
    {
        var tenant = TenantCommands.TenantOption();
        var list = new Command("list", "List a tenant's agents: id, name, fingerprint, last sign of life, what it serves, where it listens.") { tenant };
        list.Does(
            async (services, parsed, cancellation) =>
            {
                var id = new TenantId(parsed.GetRequiredValue(tenant));
                if (await TenantCommands.RefuseUnknownAsync(services, id, cancellation) is { } refusal)
                {
                    return refusal;
                }

                foreach (var agent in await services.GetRequiredService<AgentStore>().ListAsync(id, cancellation))
                {
                    var state =
                        agent.RevokedAt is { } revoked ? $"revoked {revoked:O}"
                        : agent.LastHelloAt is { } seen ? $"last seen {seen:O}"
                        : "not seen yet";
                    OperatorCommands.PrintRow(
                        agent.Id,
                        agent.Name,
                        AgentStore.FingerprintOf(agent),
                        state,
                        AgentSentences.Of(agent),
                        agent.Relay
                    );
                }

                return null;
            }
        );
        return list;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("id") { Description = "As: agent list shows it." };
        var revoke = new Command("revoke", "End an agent's keys and its relay secret at once.") { id };
        revoke.Does(
            async (services, parsed, cancellation) =>
                await services.GetRequiredService<AgentStore>().RevokeAsync(parsed.GetRequiredValue(id), HostOperator.Name, cancellation)
                    ? null
                    : new Refusal($"There is no active agent {parsed.GetRequiredValue(id)}; see: agent list.")
        );
        return revoke;
    }
}
