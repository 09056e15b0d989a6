using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using Portal.Tenants.Names;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Tenants;

/// <summary>The tenants' verified domains; each change is a part of the caller's <see cref="Changes.ChangeAsync"/>.</summary>
internal sealed class DomainStore(AuditLog audit)
{
    /// <param name="typed">What stands behind the @ of a user id, in either spelling.</param>
    public async Task<ChangeOutcome<Domain>> AddAsync(
        PortalDb db,
        TenantId tenant,
        string typed,
        PasswordManagement management,
        Actor by,
        CancellationToken cancellation
    )
    {
        if (WhyNot(typed) is { } error)
        {
            return new ChangeOutcome<Domain>.Wrong([error]);
        }

        var name = DomainName.TryParse(typed)!;
        if (!await db.Set<Tenant>().AnyAsync(t => t.Id == tenant, cancellation))
        {
            return new ChangeOutcome<Domain>.NotThere();
        }

        if (await db.Set<Domain>().AsNoTracking().SingleOrDefaultAsync(d => d.Name == name, cancellation) is { } held)
        {
            return new ChangeOutcome<Domain>.Wrong(nameof(Domain.Name), Fault.DomainOfTenant, name, held.Tenant);
        }

        return new ChangeOutcome<Domain>.Done(Add(db, tenant, name, management, by));
    }

    /// <summary>Null for what may be a domain's name.</summary>
    public static FieldError? WhyNot(string typed)
    {
        var reading = DomainName.Read(typed);
        return reading switch
        {
            { Value: not null } => null,
            NameReading<string>.Forbidden sign => new(nameof(Domain.Name), Fault.DomainSign, typed, sign.CodePoint),
            _ => new(nameof(Domain.Name), Fault.DomainForm, typed),
        };
    }

    /// <param name="seen">Where its passwords live as the caller showed it; null where nobody was shown it.</param>
    public async Task<ChangeOutcome<Domain>> SetManagementAsync(
        PortalDb db,
        TenantId tenant,
        string typed,
        PasswordManagement management,
        Actor by,
        PasswordManagement? seen,
        CancellationToken cancellation
    )
    {
        var name = DomainName.TryParse(typed) ?? "";
        if (await db.Set<Domain>().SingleOrDefaultAsync(d => d.Name == name && d.Tenant == tenant, cancellation) is not { } domain)
        {
            return new ChangeOutcome<Domain>.NotThere();
        }

        if (seen is not null && seen != domain.PasswordManagement)
        {
            return new ChangeOutcome<Domain>.Wrong(nameof(Domain.PasswordManagement), Fault.DomainChanged, domain.PasswordManagement);
        }

        if (domain.PasswordManagement != management)
        {
            Record(db, tenant, name, by, $"domain {name} made {management}, {domain.PasswordManagement} before, by {by}");
            domain.PasswordManagement = management;
        }

        return new ChangeOutcome<Domain>.Done(domain);
    }

    private Domain Add(PortalDb db, TenantId tenant, string name, PasswordManagement management, Actor by)
    {
        var domain = new Domain
        {
            Name = name,
            Tenant = tenant,
            PasswordManagement = management,
        };
        db.Add(domain);
        Record(db, tenant, name, by, $"domain {name} ({management}) added by {by}");
        return domain;
    }

    private void Record(PortalDb db, TenantId tenant, string name, Actor by, string detail) =>
        audit.Add(db, new(AuditEventId.TenantChanged, tenant, by) { Subject = new(AuditSubjectKind.Domain, name), Detail = detail });
}
