using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Users.Groups;

/// <summary>The groups of the tenants, and what an administrator may change of the portal's own; each change is a part of the caller's <see cref="Changes.ChangeAsync"/>.</summary>
internal sealed class GroupStore(IDbContextFactory<PortalDb> databases, AuditLog audit, TimeProvider clock)
{
    /// <summary>Those that are there, by name.</summary>
    public async Task<IReadOnlyList<Group>> ListAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<Group>()
            .AsNoTracking()
            .Where(g => g.Tenant == tenant && g.GoneAt == null)
            .OrderBy(g => g.Name)
            .ToListAsync(cancellation);
    }

    /// <summary>Also those that are gone.</summary>
    public async Task<IReadOnlyList<Group>> FindAsync(TenantId tenant, IReadOnlyCollection<long> ids, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<Group>()
            .AsNoTracking()
            .Where(g => g.Tenant == tenant && ids.Contains(g.Id))
            .OrderBy(g => g.Name)
            .ToListAsync(cancellation);
    }

    /// <summary>How many people are in each group of a tenant, those of groups in it not counted.</summary>
    public async Task<IReadOnlyDictionary<long, int>> CountsAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<GroupMember>()
            .Where(m => m.Tenant == tenant && db.Set<User>().Any(u => u.Id == m.UserId && u.GoneAt == null))
            .GroupBy(m => m.GroupId)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellation);
    }

    /// <summary>The groups that stand in this one.</summary>
    public async Task<IReadOnlyList<Group>> InnerAsync(TenantId tenant, long id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<Group>()
            .AsNoTracking()
            .Where(g => g.Tenant == tenant && g.GoneAt == null && db.Set<GroupInGroup>().Any(n => n.OuterId == id && n.InnerId == g.Id))
            .OrderBy(g => g.Name)
            .ToListAsync(cancellation);
    }

    public async Task<ChangeOutcome<Group>> AddAsync(PortalDb db, TenantId tenant, string name, Actor by, CancellationToken cancellation)
    {
        if (await WrongNameAsync(db, tenant, name, 0, cancellation) is { } wrong)
        {
            return wrong;
        }

        var group = new Group { Tenant = tenant, Name = name.Trim() };
        group.Revise(by, clock.GetUtcNow());
        db.Add(group);
        await db.SaveChangesAsync(cancellation);
        Audit(db, group, by, $"group {group.Name} added");
        return new ChangeOutcome<Group>.Done(group);
    }

    public Task<ChangeOutcome<Group>> RenameAsync(
        PortalDb db,
        TenantId tenant,
        long id,
        string name,
        Actor by,
        CancellationToken cancellation
    ) =>
        SetAsync(
            db,
            tenant,
            id,
            by,
            async group =>
            {
                if (await WrongNameAsync(db, tenant, name, id, cancellation) is { } wrong)
                {
                    return (null, wrong);
                }

                var before = group.Name;
                group.Name = name.Trim();
                return ($"group {before} renamed to {group.Name}", null);
            },
            cancellation
        );

    /// <summary>Its people are let go of; policies that speak of it hold for nobody of it any more, and say so.</summary>
    public Task<ChangeOutcome<Group>> RemoveAsync(PortalDb db, TenantId tenant, long id, Actor by, CancellationToken cancellation) =>
        SetAsync(
            db,
            tenant,
            id,
            by,
            async group =>
            {
                await EmptyAsync(db, [id], cancellation);
                group.GoneAt = clock.GetUtcNow();
                return ($"group {group.Name} removed", null);
            },
            cancellation
        );

    /// <summary>Puts a person in, or takes them out.</summary>
    public Task<ChangeOutcome<Group>> SetMemberAsync(
        PortalDb db,
        TenantId tenant,
        long id,
        string user,
        bool isIn,
        Actor by,
        CancellationToken cancellation
    ) =>
        SetAsync(
            db,
            tenant,
            id,
            by,
            async group =>
            {
                var name = await db.Set<User>()
                    .Where(u => u.Tenant == tenant && u.Id == user && u.GoneAt == null)
                    .Select(u => u.UserPrincipalName)
                    .SingleOrDefaultAsync(cancellation);
                if (name is null)
                {
                    return (null, new ChangeOutcome<Group>.NotThere());
                }

                var held = await db.Set<GroupMember>().SingleOrDefaultAsync(m => m.GroupId == id && m.UserId == user, cancellation);
                return held is not null == isIn
                    ? (null, null)
                    : (
                        Put(
                            db,
                            held,
                            () =>
                                new GroupMember
                                {
                                    Tenant = tenant,
                                    GroupId = id,
                                    UserId = user,
                                },
                            name,
                            group
                        ),
                        null
                    );
            },
            cancellation
        );

    /// <summary>Puts a group in, or takes it out. Circles are allowed, as a directory allows them.</summary>
    public Task<ChangeOutcome<Group>> SetInnerAsync(
        PortalDb db,
        TenantId tenant,
        long id,
        long inner,
        bool isIn,
        Actor by,
        CancellationToken cancellation
    ) =>
        SetAsync(
            db,
            tenant,
            id,
            by,
            async group =>
            {
                var name = await db.Set<Group>()
                    .Where(g => g.Tenant == tenant && g.Id == inner && g.GoneAt == null)
                    .Select(g => g.Name)
                    .SingleOrDefaultAsync(cancellation);
                if (name is null)
                {
                    return (null, new ChangeOutcome<Group>.NotThere());
                }

                var held = await db.Set<GroupInGroup>().SingleOrDefaultAsync(n => n.OuterId == id && n.InnerId == inner, cancellation);
                return held is not null == isIn
                    ? (null, null)
                    : (
                        Put(
                            db,
                            held,
                            () =>
                                new GroupInGroup
                                {
                                    Tenant = tenant,
                                    OuterId = id,
                                    InnerId = inner,
                                },
                            $"group {name}",
                            group
                        ),
                        null
                    );
            },
            cancellation
        );

    /// <summary>Everybody and every group leaves these groups, and they leave every other.</summary>
    public static async Task EmptyAsync(PortalDb db, IReadOnlyCollection<long> groups, CancellationToken cancellation)
    {
        await db.Set<GroupMember>().Where(m => groups.Contains(m.GroupId)).ExecuteDeleteAsync(cancellation);
        await db.Set<GroupInGroup>().Where(n => groups.Contains(n.OuterId) || groups.Contains(n.InnerId)).ExecuteDeleteAsync(cancellation);
    }

    private static string Put<T>(PortalDb db, T? held, Func<T> make, string who, Group group)
        where T : class
    {
        if (held is null)
        {
            db.Add(make());
            return $"{who} put into group {group.Name}";
        }

        db.Remove(held);
        return $"{who} taken out of group {group.Name}";
    }

    /// <param name="change">What is audited, null where nothing changed; or why not.</param>
    private async Task<ChangeOutcome<Group>> SetAsync(
        PortalDb db,
        TenantId tenant,
        long id,
        Actor by,
        Func<Group, Task<(string? Audited, ChangeOutcome<Group>? Refused)>> change,
        CancellationToken cancellation
    )
    {
        var group = await db.Set<Group>().SingleOrDefaultAsync(g => g.Tenant == tenant && g.Id == id && g.GoneAt == null, cancellation);
        if (group is null)
        {
            return new ChangeOutcome<Group>.NotThere();
        }

        if (group.Connector is { } connector)
        {
            return Wrong(Fault.DirectoryGroup, group.Name, connector);
        }

        var (audited, refused) = await change(group);
        if (refused is not null)
        {
            return refused;
        }

        if (audited is not null)
        {
            group.Revise(by, clock.GetUtcNow());
            Audit(db, group, by, audited);
        }

        return new ChangeOutcome<Group>.Done(group);
    }

    private static async Task<ChangeOutcome<Group>.Wrong?> WrongNameAsync(
        PortalDb db,
        TenantId tenant,
        string typed,
        long but,
        CancellationToken cancellation
    )
    {
        var name = typed.Trim();
        return name.Length is 0 or > Group.MaxName || name != name.OnOneLine() ? Wrong(Fault.WriteName, Group.MaxName)
            : await db.Set<Group>().AnyAsync(g => g.Tenant == tenant && g.Name == name && g.GoneAt == null && g.Id != but, cancellation)
                ? Wrong(Fault.GroupTaken, name)
            : null;
    }

    private static ChangeOutcome<Group>.Wrong Wrong(Fault fault, params object[] arguments) => new(nameof(Group.Name), fault, arguments);

    private void Audit(PortalDb db, Group group, Actor by, string what) =>
        audit.Add(
            db,
            new(AuditEventId.GroupChanged, group.Tenant, by)
            {
                Subject = new(AuditSubjectKind.Group, group.Id.ToString(CultureInfo.InvariantCulture)),
                Detail = $"{what} by {by}",
            }
        );
}
