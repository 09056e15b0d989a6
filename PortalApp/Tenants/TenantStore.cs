using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Secrets;

namespace PortalApp.Tenants;

/// <summary>The tenants, and what an administrator may change of one; each change is a part of the caller's <see cref="Changes.ChangeAsync"/>.</summary>
internal sealed class TenantStore(
    IDbContextFactory<PortalDb> databases,
    TenantKeys keys,
    IEnumerable<TenantAdded> added,
    AuditLog audit,
    TimeProvider clock
)
{
    public async Task<(Tenant Tenant, Domain Domain)?> FindByDomainAsync(string domain, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var found = await db.Set<Domain>()
            .AsNoTracking()
            .Where(d => d.Name == domain)
            .Join(db.Set<Tenant>(), d => d.Tenant, t => t.Id, (d, t) => new { Tenant = t, Domain = d })
            .SingleOrDefaultAsync(cancellation);
        return found is null ? null : (found.Tenant, found.Domain);
    }

    public async Task<Tenant?> FindAsync(TenantId id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<Tenant>().AsNoTracking().SingleOrDefaultAsync(t => t.Id == id, cancellation);
    }

    /// <summary>With its first key and whatever else a tenant has from its first moment. Name and helpdesk phone must be told.</summary>
    public async Task<ChangeOutcome<Tenant>> AddAsync(PortalDb db, TenantChange values, Actor by, CancellationToken cancellation)
    {
        var tenant = new Tenant
        {
            Name = "",
            HelpdeskPhone = "",
            CreatedAt = clock.GetUtcNow(),
        };
        var all = values with { Name = values.Name ?? "", HelpdeskPhone = values.HelpdeskPhone ?? "" };
        if (await JudgeAsync(db, tenant, all, cancellation) is { Count: > 0 } errors)
        {
            return new ChangeOutcome<Tenant>.Wrong(errors);
        }

        all.Write(tenant);
        tenant.Revise(by, clock.GetUtcNow());
        db.Add(tenant);
        await db.SaveChangesAsync(cancellation);
        keys.Create(db, tenant.Id);
        foreach (var give in added)
        {
            give(db, tenant.Id, by);
        }

        Audit(db, tenant, by, "added");
        await db.SaveChangesAsync(cancellation);
        return new ChangeOutcome<Tenant>.Done(tenant);
    }

    /// <param name="seen">The revision that the caller showed to whoever changes it; null where nobody was shown one.</param>
    public async Task<ChangeOutcome<Tenant>> SetAsync(
        PortalDb db,
        TenantId id,
        TenantChange change,
        Actor by,
        long? seen,
        CancellationToken cancellation
    )
    {
        if (await db.Set<Tenant>().SingleOrDefaultAsync(t => t.Id == id, cancellation) is not { } tenant)
        {
            return new ChangeOutcome<Tenant>.NotThere();
        }

        if (seen is not null && seen != tenant.Revision)
        {
            return new ChangeOutcome<Tenant>.ChangedMeanwhile(tenant.ChangedBy, tenant.ChangedAt);
        }

        if (await JudgeAsync(db, tenant, change, cancellation) is { Count: > 0 } errors)
        {
            return new ChangeOutcome<Tenant>.Wrong(errors);
        }

        if (change.Told.Length > 0)
        {
            change.Write(tenant);
            tenant.Revise(by, clock.GetUtcNow());
            Audit(db, tenant, by, $"{change.Told} set");
        }

        return new ChangeOutcome<Tenant>.Done(tenant);
    }

    private static async Task<IReadOnlyList<FieldError>> JudgeAsync(
        PortalDb db,
        Tenant tenant,
        TenantChange change,
        CancellationToken cancellation
    )
    {
        if (new TenantChangeValidator().Validate(change) is { IsValid: false } mistakes)
        {
            return FieldError.Of(mistakes);
        }

        var name = change.Name?.Trim();
        return name is not null && await db.Set<Tenant>().AnyAsync(t => t.Name == name && t.Id != tenant.Id, cancellation)
            ? [new(nameof(TenantChange.Name), Fault.TenantTaken, name)]
            : [];
    }

    private void Audit(PortalDb db, Tenant tenant, Actor by, string what) =>
        audit.Add(
            db,
            new(AuditEventId.TenantChanged, tenant.Id, by) { Subject = AuditSubject.Tenant(tenant.Id), Detail = $"{what} by {by}" }
        );
}
