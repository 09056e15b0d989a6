using System.CommandLine;
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
            tenant,
            async (call, id) =>
            {
                var issued = await call.Get<EnrolmentCodes>().IssueAsync(id, call.Cancellation);
                await call.Get<AuditLog>()
                    .WriteAsync(
                        new(AuditEventId.TenantChanged, id, call.By)
                        {
                            Subject = AuditSubject.Tenant(id),
                            Detail = $"enrolment code issued by {call.By}",
                        },
                        call.Cancellation
                    );
                call.Output.WriteLine(issued);
            }
        );
        return code;
    }

    private static Command List()
    {
        var tenant = TenantCommands.TenantOption();
        var list = new Command("list", "List a tenant's agents: id, name, fingerprint, last sign of life.") { tenant };
        list.Does(
            tenant,
            async (call, id) =>
            {
                foreach (var agent in await call.Get<AgentStore>().ListAsync(id, call.Cancellation))
                {
                    var state =
                        agent.RevokedAt is { } revoked ? $"revoked {revoked:O}"
                        : agent.LastSeenAt is { } seen ? $"last seen {seen:O}"
                        : "not seen yet";
                    call.PrintRow(agent.Id, agent.Name, AgentStore.FingerprintOf(agent), state);
                }
            }
        );
        return list;
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
