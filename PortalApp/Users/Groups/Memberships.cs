using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;

namespace PortalApp.Users.Groups;

/// <summary>Who is in which groups, groups in groups counted.</summary>
internal sealed class Memberships(IDbContextFactory<PortalDb> databases)
{
    /// <param name="user">May be nobody's id: nobody is in no group.</param>
    public async Task<IReadOnlySet<long>> OfAsync(TenantId tenant, string user, CancellationToken cancellation) =>
        (await OfAsync(tenant, [user], cancellation))[user];

    /// <returns>For each of them.</returns>
    public async Task<IReadOnlyDictionary<string, IReadOnlySet<long>>> OfAsync(
        TenantId tenant,
        IReadOnlyCollection<string> users,
        CancellationToken cancellation
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var direct = (
            await db.Set<GroupMember>().AsNoTracking().Where(m => m.Tenant == tenant && users.Contains(m.UserId)).ToListAsync(cancellation)
        ).ToLookup(m => m.UserId, m => m.GroupId);
        var tree = await GroupTree.OfAsync(db, tenant, cancellation);
        return users.Distinct().ToDictionary(u => u, u => tree.Around(direct[u]), StringComparer.Ordinal);
    }

    /// <summary>The ids of everybody who is in one of these groups.</summary>
    public static async Task<IQueryable<string>> QueryAsync(
        PortalDb db,
        TenantId tenant,
        IEnumerable<long> groups,
        CancellationToken cancellation
    )
    {
        var within = (await GroupTree.OfAsync(db, tenant, cancellation)).Within(groups).ToArray();
        return db.Set<GroupMember>().Where(m => m.Tenant == tenant && within.Contains(m.GroupId)).Select(m => m.UserId);
    }
}
