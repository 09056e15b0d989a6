using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.Tenants;

namespace PortalApp.Operator;

internal static class TenantCommands
{
    internal static Option<int> TenantOption() => new("--tenant") { Description = "The tenant's number.", Required = true };

    public static Command Tenant()
    {
        var name = new Argument<string>("name") { Description = "As people read it above each page." };
        var phone = new Option<string>("--helpdesk-phone")
        {
            Description = "Such as \"+31 201234567\"; shown on every refusal.",
            Required = true,
        };
        var email = new Option<string?>("--helpdesk-email") { Description = "Shown beside the phone number." };
        var gates = new Option<int>("--gates")
        {
            Description = "Verifications that a reset asks for, 1 or 2.",
            DefaultValueFactory = _ => 1,
        };
        var add = new Command("add", "Add a tenant; prints its number.") { name, phone, email, gates };
        add.Does(
            (services, parsed, ct) =>
                AddAsync(
                    services,
                    parsed.GetRequiredValue(name),
                    parsed.GetRequiredValue(phone),
                    parsed.GetValue(email),
                    parsed.GetValue(gates),
                    ct
                )
        );
        var list = new Command("list", "List the tenants.");
        list.Does(ListAsync);
        return new Command("tenant", "Organisations that use the portal.") { add, list };
    }

    public static Command Domain()
    {
        var name = new Argument<string>("domain") { Description = "What stands behind the @ of a user id." };
        var tenant = TenantOption();
        var management = new Option<PasswordManagement>("--password-management")
        {
            Description = "Where its passwords live.",
            Required = true,
        };
        management.AcceptOnlyFromAmong(Enum.GetNames<PasswordManagement>());
        var add = new Command("add", "Give a domain to a tenant.") { name, tenant, management };
        add.Does(
            (services, parsed, ct) =>
                AddDomainAsync(
                    services,
                    parsed.GetRequiredValue(name),
                    new(parsed.GetRequiredValue(tenant)),
                    parsed.GetRequiredValue(management),
                    ct
                )
        );
        return new Command("domain", "Verified domains of the tenants.") { add };
    }

    private static async Task<Refusal?> AddAsync(
        IServiceProvider services,
        string name,
        string phone,
        string? email,
        int gates,
        CancellationToken ct
    )
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 100 || name.OnOneLine() != name)
        {
            return new("A tenant's name has 1 to 100 characters on one line.");
        }

        if (PhoneNumber.TryParse(phone) is not { } number)
        {
            return new($"--helpdesk-phone: write \"{phone}\" as + country code, one space, the rest, such as \"+31 201234567\".");
        }

        if (email is not null && EmailAddress.TryParse(email) is null)
        {
            return new($"--helpdesk-email: \"{email}\" is not an e-mail address.");
        }

        if (gates is not (1 or 2))
        {
            return new("--gates: write 1 or 2.");
        }

        await using var db = await Open(services, ct);
        if (await db.Set<Tenant>().AnyAsync(t => t.Name == name.Trim(), ct))
        {
            return new($"There is a tenant called \"{name.Trim()}\" already.");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var tenant = new Tenant
        {
            Name = name.Trim(),
            HelpdeskPhone = number.Value,
            HelpdeskEmail = email?.Trim(),
            GatesRequired = gates,
            CreatedAt = services.GetRequiredService<TimeProvider>().GetUtcNow(),
        };
        db.Add(tenant);
        await db.SaveChangesAsync(ct);
        services.GetRequiredService<TenantKeys>().Create(db, tenant.Id);
        services.GetRequiredService<AuditLog>().Add(db, AuditEventId.TenantChanged, tenant.Id, detail: $"added by {HostOperator.Name}");
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        Console.WriteLine(tenant.Id);
        return null;
    }

    private static async Task<Refusal?> ListAsync(IServiceProvider services, ParseResult parsed, CancellationToken ct)
    {
        await using var db = await Open(services, ct);
        foreach (var tenant in await db.Set<Tenant>().AsNoTracking().OrderBy(t => t.Id).ToListAsync(ct))
        {
            var domains = await db.Set<Domain>().Where(d => d.Tenant == tenant.Id).Select(d => d.Name).ToListAsync(ct);
            OperatorCommands.PrintRow(tenant.Id, tenant.Name, tenant.HelpdeskPhone, string.Join(' ', domains));
        }

        return null;
    }

    private static async Task<Refusal?> AddDomainAsync(
        IServiceProvider services,
        string typed,
        TenantId tenant,
        PasswordManagement management,
        CancellationToken ct
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

        if (await RefuseUnknownAsync(services, tenant, ct) is { } refusal)
        {
            return refusal;
        }

        await using var db = await Open(services, ct);
        if (await db.Set<Domain>().AsNoTracking().SingleOrDefaultAsync(d => d.Name == name, ct) is { } held)
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
        await db.SaveChangesAsync(ct);
        return null;
    }

    internal static async Task<Refusal?> RefuseUnknownAsync(IServiceProvider services, TenantId tenant, CancellationToken ct) =>
        await services.GetRequiredService<TenantStore>().FindAsync(tenant, ct) is null
            ? new($"There is no tenant {tenant}; see: tenant list.")
            : null;

    internal static Task<PortalDb> Open(IServiceProvider services, CancellationToken ct) =>
        services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(ct);
}
