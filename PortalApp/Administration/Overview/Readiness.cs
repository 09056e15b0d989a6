using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Policy;
using PortalApp.Users;

namespace PortalApp.Administration.Overview;

/// <summary>How many of a tenant's people can reset their password, and why the others cannot, the first reason of each.</summary>
internal sealed record Readiness(int Ready, int NotEnabled, int NoLicence, int TooFewMethods)
{
    public int All => Ready + NotEnabled + NoLicence + TooFewMethods;
}

/// <summary>Counts in the database, by the order of reasons of <see cref="ResetEligibility"/>.</summary>
internal sealed class ReadinessCount(IDbContextFactory<PortalDb> databases, IEnumerable<IGate> gates, GateProfiles profiles)
{
    public async Task<Readiness> OfAsync(TenantId tenant, PolicyTerms terms, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var all = db.Set<User>().Where(u => u.Tenant == tenant && u.GoneAt == null);
        // Nobody's groups are known to the portal yet.
        if (!terms.ForWhom.Admits([]))
        {
            return new(0, await all.CountAsync(cancellation), 0, 0);
        }

        var enabled = all.Where(u => u.ResetEnabled);
        var licensed = enabled.Where(u => u.Licensed);
        var counts = (
            All: await all.CountAsync(cancellation),
            Enabled: await enabled.CountAsync(cancellation),
            Licensed: await licensed.CountAsync(cancellation),
            Ready: await ReadyOf(db, tenant, licensed.Where(u => u.Role == Role.User), terms).CountAsync(cancellation)
                + await ReadyWithRoleAsync(licensed.Where(u => u.Role != Role.User), terms, cancellation)
        );
        return new(counts.Ready, counts.All - counts.Enabled, counts.Enabled - counts.Licensed, counts.Licensed - counts.Ready);
    }

    /// <summary>They are few, and more is asked of them than can be said to a database.</summary>
    private async Task<int> ReadyWithRoleAsync(IQueryable<User> people, PolicyTerms terms, CancellationToken cancellation)
    {
        var users = await people.AsNoTracking().Include(u => u.Contacts).ToListAsync(cancellation);
        var held = await profiles.OfAsync([.. users.Select(u => GatePerson.Of(u.Tenant, u.Id, u))], cancellation);
        return held.Values.Count(h => h.Among(terms.Methods).Suffices(terms.Gates));
    }

    private IQueryable<User> ReadyOf(PortalDb db, TenantId tenant, IQueryable<User> people, PolicyTerms terms)
    {
        var holders = gates.Where(g => terms.Methods.Contains(g.Method)).Select(g => g.Holders(db, tenant)).Aggregate(Queryable.Concat);
        return terms.Gates == 1
            ? people.Where(u => holders.Contains(u.Id))
            : people.Where(u => holders.Count(id => id == u.Id) >= terms.Gates);
    }
}
