using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;

namespace PortalApp.Tenants;

/// <summary>Finds tenants; a domain belongs to one alone.</summary>
internal sealed class TenantStore(IDbContextFactory<PortalDb> databases)
{
    public async Task<(Tenant Tenant, Domain Domain)?> FindByDomainAsync(string domain, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var found = await db.Set<Domain>()
            .AsNoTracking()
            .Where(d => d.Name == domain)
            .Join(db.Set<Tenant>(), d => d.Tenant, t => t.Id, (d, t) => new { Tenant = t, Domain = d })
            .SingleOrDefaultAsync(ct);
        return found is null ? null : (found.Tenant, found.Domain);
    }

    public async Task<Tenant?> FindAsync(TenantId id, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.Set<Tenant>().AsNoTracking().SingleOrDefaultAsync(t => t.Id == id, ct);
    }
}
