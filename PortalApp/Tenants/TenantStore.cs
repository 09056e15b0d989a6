using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;

namespace PortalApp.Tenants;

/// <summary>Finds tenants; a domain belongs to one alone.</summary>
internal sealed class TenantStore(IDbContextFactory<PortalDb> databases)
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
}
