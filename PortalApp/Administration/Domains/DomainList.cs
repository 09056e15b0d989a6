using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Administration.Domains;

/// <param name="People">Who have a name in it.</param>
internal sealed record ListedDomain(Domain Domain, int People);

internal sealed class DomainList(IDbContextFactory<PortalDb> databases)
{
    public async Task<IReadOnlyList<ListedDomain>> OfAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var domains = await db.Set<Domain>().AsNoTracking().Where(d => d.Tenant == tenant).OrderBy(d => d.Name).ToListAsync(cancellation);
        var people = await db.Set<User>()
            .Where(u => u.Tenant == tenant && u.GoneAt == null)
            .GroupBy(u => u.Domain)
            .Select(of => new { Domain = of.Key, Count = of.Count() })
            .ToDictionaryAsync(of => of.Domain, of => of.Count, cancellation);
        return [.. domains.Select(d => new ListedDomain(d, people.GetValueOrDefault(d.Name)))];
    }
}
