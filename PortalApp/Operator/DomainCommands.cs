using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Tenants;

namespace PortalApp.Operator;

internal static class DomainCommands
{
    public static Command Domain()
    {
        var name = new Argument<string>("domain") { Description = "What stands behind the @ of a user id." };
        var tenant = TenantCommands.TenantOption();
        var management = new Option<PasswordManagement>("--password-management")
        {
            Description = "Where its passwords live.",
            Required = true,
        };
        management.AcceptOnlyFromAmong(Enum.GetNames<PasswordManagement>());
        var add = new Command("add", "Give a domain to a tenant.") { name, tenant, management };
        add.Does(
            (services, parsed, cancellation) =>
                AddAsync(
                    services,
                    parsed.GetRequiredValue(name),
                    new(parsed.GetRequiredValue(tenant)),
                    parsed.GetRequiredValue(management),
                    cancellation
                )
        );
        return new Command("domain", "Verified domains of the tenants.") { add };
    }

    private static async Task<Refusal?> AddAsync(
        IServiceProvider services,
        string typed,
        TenantId tenant,
        PasswordManagement management,
        CancellationToken cancellation
    )
    {
        if (management == PasswordManagement.PasswordHashSync)
        {
            return new(
                "--password-management: PasswordHashSync is not there yet; use Federated where the password lives on premises alone."
            );
        }

        if (DomainName.TryParse(typed) is not { } name)
        {
            return new($"\"{typed}\" is not a domain such as corp.example.");
        }

        if (await TenantCommands.RefuseUnknownAsync(services, tenant, cancellation) is { } refusal)
        {
            return refusal;
        }

        await using var db = await TenantCommands.Open(services, cancellation);
        if (await db.Set<Domain>().AsNoTracking().SingleOrDefaultAsync(d => d.Name == name, cancellation) is { } held)
        {
            return new($"{name} belongs to tenant {held.Tenant} already; a domain belongs to one tenant.");
        }

        db.Add(
            new Domain
            {
                Name = name,
                Tenant = tenant,
                PasswordManagement = management,
            }
        );
        services
            .GetRequiredService<AuditLog>()
            .Add(db, AuditEventId.TenantChanged, tenant, detail: $"domain {name} ({management}) added by {HostOperator.Name}");
        await db.SaveChangesAsync(cancellation);
        return null;
    }
}
