using System.CommandLine;
using Portal.Tenants;
using PortalApp.Agents;
using PortalApp.Audit;

namespace PortalApp.Operator;

internal static class AgentCommands
{
    public static Command Agent() => new("agent", "The tenants' agents on premises.") { Code(), List(), Revoke() };

    private static Command Code()
    {
        var tenant = TenantCommands.TenantOption();
        var code = new Command("code", "Print an enrolment code: 15 minutes, once, for one tenant.") { tenant };
        code.Does(
            async (services, parsed, cancellation) =>
            {
                var id = new TenantId(parsed.GetRequiredValue(tenant));
                if (await TenantCommands.RefuseUnknownAsync(services, id, cancellation) is { } refusal)
                {
                    return refusal;
                }

                var issued = await services.GetRequiredService<EnrolmentCodes>().IssueAsync(id, cancellation);
                await services
                    .GetRequiredService<AuditLog>()
                    .WriteAsync(
                        AuditEventId.TenantChanged,
                        id,
                        detail: $"enrolment code issued by {HostOperator.Name}",
                        cancellation: cancellation
                    );
                Console.WriteLine(issued);
                return null;
            }
        );
        return code;
    }

    private static Command List()
    {
        var tenant = TenantCommands.TenantOption();
        var list = new Command("list", "List a tenant's agents: id, name, fingerprint, last sign of life.") { tenant };
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
                        : agent.LastSeenAt is { } seen ? $"last seen {seen:O}"
                        : "not seen yet";
                    OperatorCommands.PrintRow(agent.Id, agent.Name, AgentStore.FingerprintOf(agent), state);
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
