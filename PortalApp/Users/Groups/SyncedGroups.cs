using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Users.Groups;

/// <summary>A directory's group, or a part of it: who of those between two source anchors is in it.</summary>
/// <param name="After">Null: no lower bound.</param>
/// <param name="Through">Null: no upper bound.</param>
internal sealed record ToldGroup(string Anchor, string Name, IReadOnlyList<string> Members, string? After, string? Through);

/// <summary>The groups of one connector, as its directory tells of them. What is told again changes nothing.</summary>
internal sealed class SyncedGroups(AuditLog audit, TimeProvider clock)
{
    /// <summary>As a part of the caller's <see cref="Changes.ChangeAsync"/>. A rename follows the anchor; members whom the portal does not know are passed over.</summary>
    public async Task TakeAsync(
        PortalDb db,
        (TenantId Tenant, string Connector) source,
        ToldGroup told,
        Actor by,
        CancellationToken cancellation
    )
    {
        var (tenant, connector) = source;
        var group = await db.Set<Group>()
            .SingleOrDefaultAsync(g => g.Tenant == tenant && g.Connector == connector && g.SourceAnchor == told.Anchor, cancellation);
        var name = Clean(told.Name);
        var (isNew, before) = (group is null, group?.Name);
        if (group is null)
        {
            group = new()
            {
                Tenant = tenant,
                Connector = connector,
                SourceAnchor = told.Anchor,
                Name = name,
            };
            db.Add(group);
        }

        if (isNew || (group.Name, group.GoneAt) != (name, null))
        {
            (group.Name, group.GoneAt) = (name, null);
            group.Revise(by, clock.GetUtcNow());
            await db.SaveChangesAsync(cancellation);
            Audit(db, group, by, isNew || before == name ? $"group {name} is there" : $"group {before} renamed to {name}");
        }

        var (came, left) = await SetMembersAsync(db, source, group.Id, told, cancellation);
        if (came + left > 0)
        {
            Audit(db, group, by, string.Create(CultureInfo.InvariantCulture, $"group {name}: {came} came, {left} left"));
        }
    }

    /// <summary>Lets go of groups that the directory or the agent's list no longer has.</summary>
    public async Task LetGoAsync(
        PortalDb db,
        (TenantId Tenant, string Connector) source,
        IReadOnlyList<string> anchors,
        Actor by,
        CancellationToken cancellation
    )
    {
        var (tenant, connector) = source;
        var gone = await db.Set<Group>()
            .Where(g => g.Tenant == tenant && g.Connector == connector && anchors.Contains(g.SourceAnchor!) && g.GoneAt == null)
            .ToListAsync(cancellation);
        await GroupStore.EmptyAsync(db, [.. gone.Select(g => g.Id)], cancellation);
        foreach (var group in gone)
        {
            group.GoneAt = clock.GetUtcNow();
            group.Revise(by, clock.GetUtcNow());
            Audit(db, group, by, $"group {group.Name} let go: the directory {connector}, or the agent's list, no longer has it");
        }
    }

    private static async Task<(int Came, int Left)> SetMembersAsync(
        PortalDb db,
        (TenantId Tenant, string Connector) source,
        long group,
        ToldGroup told,
        CancellationToken cancellation
    )
    {
        var people = db.Set<User>().Where(u => u.Tenant == source.Tenant && u.Connector == source.Connector);
        var within = Between(people, told.After, told.Through);
        var held = await db.Set<GroupMember>()
            .Where(m => m.GroupId == group && within.Any(u => u.Id == m.UserId))
            .ToDictionaryAsync(m => m.UserId, cancellation);
        var wanted = await within
            .Where(u => u.GoneAt == null && told.Members.Contains(u.SourceAnchor!))
            .Select(u => u.Id)
            .ToHashSetAsync(cancellation);
        var came = wanted
            .Where(id => !held.ContainsKey(id))
            .Select(id => new GroupMember
            {
                Tenant = source.Tenant,
                GroupId = group,
                UserId = id,
            })
            .ToList();
        var left = held.Values.Where(m => !wanted.Contains(m.UserId)).ToList();
        db.AddRange(came);
        db.RemoveRange(left);
        return (came.Count, left.Count);
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Globalization",
        "CA1309",
        Justification = "Never called: it becomes a comparison in the database, in the order of its index."
    )]
    private static IQueryable<User> Between(IQueryable<User> people, string? after, string? through)
    {
        var above = after is null ? people : people.Where(u => string.Compare(u.SourceAnchor, after) > 0);
        return through is null ? above : above.Where(u => string.Compare(u.SourceAnchor, through) <= 0);
    }

    /// <summary>One line, bounded (H111).</summary>
    private static string Clean(string text)
    {
        var clean = text.OnOneLine().Trim();
        return clean.Length > Group.MaxName ? clean[..Group.MaxName] : clean;
    }

    private void Audit(PortalDb db, Group group, Actor by, string what) =>
        audit.Add(
            db,
            new(AuditEventId.GroupChanged, group.Tenant, by)
            {
                Subject = new(AuditSubjectKind.Group, group.Id.ToString(CultureInfo.InvariantCulture)),
                Detail = what,
            }
        );
}
