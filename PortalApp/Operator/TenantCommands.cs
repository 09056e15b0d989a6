using System.CommandLine;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Policy;
using PortalApp.Secrets;
using PortalApp.Tenants;

namespace PortalApp.Operator;

internal static class TenantCommands
{
    internal static Option<int> TenantOption() => new("--tenant") { Description = "The tenant's number.", Required = true };

    public static Command Tenant()
    {
        var list = new Command("list", "List the tenants.");
        list.Does(ListAsync);
        return new Command("tenant", "Organisations that use the portal.") { Add(), Set(), list };
    }

    private static Command Add()
    {
        var name = new Argument<string>("name") { Description = "As people read it above each page." };
        var phone = Phone(required: true);
        var (email, gates) = (Email(), Gates());
        var add = new Command("add", "Add a tenant; prints its number.") { name, phone, email, gates };
        add.Does(
            (services, parsed, cancellation) =>
                AddAsync(
                    services,
                    new TenantChange(
                        parsed.GetRequiredValue(name),
                        parsed.GetRequiredValue(phone),
                        parsed.GetValue(email),
                        parsed.GetValue(gates),
                        null
                    ),
                    cancellation
                )
        );
        return add;
    }

    private static Command Set()
    {
        var tenant = TenantOption();
        var name = new Option<string?>("--name") { Description = "As people read it above each page." };
        var reset = new Option<string?>("--reset")
        {
            Description = "Whether the tenant's people may reset passwords here; closed works at once.",
        };
        reset.AcceptOnlyFromAmong("open", "closed");
        var (phone, email, gates) = (Phone(required: false), Email(), Gates());
        var set = new Command("set", "Change what an operator holds of a tenant.") { tenant, name, phone, email, gates, reset };
        set.Does(
            (services, parsed, cancellation) =>
                SetAsync(
                    services,
                    new(parsed.GetRequiredValue(tenant)),
                    new TenantChange(
                        parsed.GetValue(name),
                        parsed.GetValue(phone),
                        parsed.GetValue(email),
                        parsed.GetValue(gates),
                        parsed.GetValue(reset) is { } told ? told == "open" : null
                    ),
                    cancellation
                )
        );
        return set;
    }

    private static Option<string> Phone(bool required) =>
        new("--helpdesk-phone") { Description = "Such as \"+31 201234567\"; shown on every refusal.", Required = required };

    private static Option<string?> Email() => new("--helpdesk-email") { Description = "Shown beside the phone number; \"\" removes it." };

    private static Option<int?> Gates() => new("--gates") { Description = "Verifications that a reset asks for, 1 or 2." };

    private static async Task<Refusal?> AddAsync(IServiceProvider services, TenantChange change, CancellationToken cancellation)
    {
        await using var db = await Open(services, cancellation);
        var tenant = new Tenant
        {
            Name = "",
            HelpdeskPhone = "",
            CreatedAt = services.GetRequiredService<TimeProvider>().GetUtcNow(),
        };
        if (await change.ApplyAsync(db, tenant, cancellation) is { } refusal)
        {
            return refusal;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        db.Add(tenant);
        await db.SaveChangesAsync(cancellation);
        services.GetRequiredService<TenantKeys>().Create(db, tenant.Id);
        services.GetRequiredService<PolicyStore>().Begin(db, tenant.Id, HostOperator.Actor);
        services.GetRequiredService<AuditLog>().Add(db, AuditEventId.TenantChanged, tenant.Id, detail: $"added by {HostOperator.Name}");
        await db.SaveChangesAsync(cancellation);
        if (await PublishAsync(services, db, tenant.Id, change.Gates, cancellation) is { } wrong)
        {
            return wrong;
        }

        await transaction.CommitAsync(cancellation);
        Console.WriteLine(tenant.Id);
        WarnOfGates(services, change.Gates);
        return null;
    }

    private static async Task<Refusal?> SetAsync(
        IServiceProvider services,
        TenantId id,
        TenantChange change,
        CancellationToken cancellation
    )
    {
        await using var db = await Open(services, cancellation);
        if (await db.Set<Tenant>().SingleOrDefaultAsync(t => t.Id == id, cancellation) is not { } tenant)
        {
            return NoTenant(id);
        }

        if (await change.ApplyAsync(db, tenant, cancellation) is { } refusal)
        {
            return refusal;
        }

        services
            .GetRequiredService<AuditLog>()
            .Add(db, AuditEventId.TenantChanged, id, detail: $"{change.Told} set by {HostOperator.Name}");
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await db.SaveChangesAsync(cancellation);
        if (await PublishAsync(services, db, id, change.Gates, cancellation) is { } wrong)
        {
            return wrong;
        }

        await transaction.CommitAsync(cancellation);
        WarnOfGates(services, change.Gates);
        return null;
    }

    private static async Task<Refusal?> PublishAsync(
        IServiceProvider services,
        PortalDb db,
        TenantId tenant,
        int? gates,
        CancellationToken cancellation
    )
    {
        var policies = services.GetRequiredService<PolicyStore>();
        if (gates is not { } asked || await PolicyStore.HoldingAsync(db, tenant, cancellation) is not { } held || held.Gates == asked)
        {
            return null;
        }

        var outcome = await policies.PublishAsync(
            db,
            tenant,
            held.Terms with
            {
                Gates = asked,
            },
            HostOperator.Actor,
            held.Number,
            cancellation
        );
        return outcome switch
        {
            PublishOutcome.Published => null,
            PublishOutcome.Wrong { Errors: var errors } => new(string.Join(' ', errors.Select(e => $"--gates: {e.Sentence}"))),
            PublishOutcome.ChangedMeanwhile meanwhile => new($"{meanwhile.By} published another policy at {meanwhile.At:O}; try again."),
            _ => throw new UnreachableException(),
        };
    }

    private static void WarnOfGates(IServiceProvider services, int? gates)
    {
        var methods = services.GetServices<IGate>().Count();
        if (gates > methods)
        {
            Console.Error.WriteLine(
                $"Warning: {gates} gates ask for as many methods, and there is {methods} yet: nobody of this tenant can reset a password."
            );
        }
    }

    private static async Task<Refusal?> ListAsync(IServiceProvider services, ParseResult parsed, CancellationToken cancellation)
    {
        await using var db = await Open(services, cancellation);
        foreach (var tenant in await db.Set<Tenant>().AsNoTracking().OrderBy(t => t.Id).ToListAsync(cancellation))
        {
            var domains = await db.Set<Domain>().Where(d => d.Tenant == tenant.Id).Select(d => d.Name).ToListAsync(cancellation);
            OperatorCommands.PrintRow(
                tenant.Id,
                tenant.Name,
                tenant.HelpdeskPhone,
                string.Join(' ', domains),
                tenant.ResetEnabled ? "open" : "closed"
            );
        }

        return null;
    }

    internal static async Task<Refusal?> RefuseUnknownAsync(IServiceProvider services, TenantId tenant, CancellationToken cancellation) =>
        await services.GetRequiredService<TenantStore>().FindAsync(tenant, cancellation) is null ? NoTenant(tenant) : null;

    private static Refusal NoTenant(TenantId tenant) => new($"There is no tenant {tenant}; see: tenant list.");

    internal static Task<PortalDb> Open(IServiceProvider services, CancellationToken cancellation) =>
        services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(cancellation);
}
