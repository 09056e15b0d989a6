using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;

namespace PortalApp.Users.Groups;

/// <summary>Which groups of a tenant stand in which; through circles as well.</summary>
internal sealed class GroupTree
{
    private readonly ILookup<long, long> outer;
    private readonly ILookup<long, long> inner;

    private GroupTree(List<GroupInGroup> nested) =>
        (outer, inner) = (nested.ToLookup(n => n.InnerId, n => n.OuterId), nested.ToLookup(n => n.OuterId, n => n.InnerId));

    public static async Task<GroupTree> OfAsync(PortalDb db, TenantId tenant, CancellationToken cancellation) =>
        new(await db.Set<GroupInGroup>().AsNoTracking().Where(n => n.Tenant == tenant).ToListAsync(cancellation));

    /// <summary>These, and every group that they are in.</summary>
    public IReadOnlySet<long> Around(IEnumerable<long> groups) => Reach(groups, outer);

    /// <summary>These, and every group that is in them.</summary>
    public IReadOnlySet<long> Within(IEnumerable<long> groups) => Reach(groups, inner);

    private static HashSet<long> Reach(IEnumerable<long> from, ILookup<long, long> edges)
    {
        var reached = from.ToHashSet();
        var left = new Stack<long>(reached);
        while (left.TryPop(out var group))
        {
            foreach (var next in edges[group].Where(reached.Add))
            {
                left.Push(next);
            }
        }

        return reached;
    }
}
