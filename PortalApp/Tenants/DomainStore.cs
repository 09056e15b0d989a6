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
        if (management == PasswordManagement.PasswordHashSync)
        {
            return new ChangeOutcome<Domain>.Wrong(
                nameof(Domain.PasswordManagement),
                "PasswordHashSync is not there yet; use Federated where the password lives on premises alone."
            );
        }

        var reading = DomainName.Read(typed);
        if (reading.Value is not { } name)
        {
            var why = reading is NameReading<string>.Forbidden sign ? $": it holds {sign.CodePoint}" : "";
            return new ChangeOutcome<Domain>.Wrong(nameof(Domain.Name), $"\"{typed}\" is not a domain such as corp.example{why}.");
        }

        if (!await db.Set<Tenant>().AnyAsync(t => t.Id == tenant, cancellation))
        {
            return new ChangeOutcome<Domain>.NotThere();
        }

        if (await db.Set<Domain>().AsNoTracking().SingleOrDefaultAsync(d => d.Name == name, cancellation) is { } held)
        {
            return new ChangeOutcome<Domain>.Wrong(
                nameof(Domain.Name),
                $"{name} belongs to tenant {held.Tenant} already; a domain belongs to one tenant."
            );
        }

        return new ChangeOutcome<Domain>.Done(Add(db, tenant, name, management, by));
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
        audit.Add(
            db,
            new(AuditEventId.TenantChanged, tenant, by)
            {
                Subject = new(AuditSubjectKind.Domain, name),
                Detail = $"domain {name} ({management}) added by {by}",
            }
        );
        return domain;
    }
}
