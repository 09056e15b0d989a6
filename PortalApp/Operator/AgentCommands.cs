using System.CommandLine;
using Portal.Tenants;
using PortalApp.Agents;
using PortalApp.Tenants;

namespace PortalApp.Operator;

internal static class AgentCommands
{
    public static Command Agent() => new("agent", "The tenants' agents on premises.") { Code(), List(), Revoke() };

    private static Command Code()
    {
        var tenant = TenantCommands.TenantOption();
        var code = new Command("code", "Print an enrolment code: 15 minutes, once, for one tenant.") { tenant };
        code.Does(
            async (services, parsed, ct) =>
            {
                var id = new TenantId(parsed.GetRequiredValue(tenant));
                if (await services.GetRequiredService<TenantStore>().FindAsync(id, ct) is null)
                {
                    return new Refusal($"There is no tenant {id}; see: tenant list.");
                }

                Console.WriteLine(await services.GetRequiredService<EnrolmentCodes>().IssueAsync(id, ct));
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
            async (services, parsed, ct) =>
            {
                foreach (var agent in await services.GetRequiredService<AgentStore>().ListAsync(new(parsed.GetRequiredValue(tenant)), ct))
                {
                    var state = agent.RevokedAt is { } at ? $"revoked {at:O}" : $"last seen {agent.LastSeenAt:O}";
                    Console.WriteLine($"{agent.Id}\t{agent.Name}\t{AgentStore.FingerprintOf(agent)}\t{state}");
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
            async (services, parsed, ct) =>
                await services.GetRequiredService<AgentStore>().RevokeAsync(parsed.GetRequiredValue(id), ct)
                    ? null
                    : new Refusal($"There is no active agent {parsed.GetRequiredValue(id)}; see: agent list.")
        );
        return revoke;
    }
}
