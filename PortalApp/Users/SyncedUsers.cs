using Microsoft.EntityFrameworkCore;
using Portal.Contacts;
using Portal.DirectorySync;
using Portal.Tenants;
using Portal.Tenants.Names;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Tenants;

namespace PortalApp.Users;

/// <summary>What came of a person whom a directory told of. Closed: the cases below.</summary>
internal abstract record SyncedUser
{
    private SyncedUser() { }

    /// <param name="Wrong">Values of the wrong form; each counts as none.</param>
    public sealed record Taken(User User, IReadOnlyList<ContactField> Wrong) : SyncedUser;

    /// <summary>The user principal name is in no domain of the tenant whose passwords live on premises.</summary>
    public sealed record NoName : SyncedUser;

    /// <summary>The user principal name holds what nobody can type here.</summary>
    /// <param name="Sign">Such as <c>U+200B</c>.</param>
    public sealed record ForbiddenName(string Sign) : SyncedUser;

    /// <summary>The user principal name is another user's, at this moment.</summary>
    public sealed record NameTaken(User Holder) : SyncedUser;

    /// <summary>New, and the tenant has its most users.</summary>
    public sealed record NoRoom(int Most) : SyncedUser;
}

/// <summary>
/// The people of one connector, as its directory tells of them. Matched by (tenant, connector, source anchor), never by name; touches names,
/// phones and the directory's mail and nothing else: no licence, switch, role or Authentication… field. What is told again changes nothing.
/// </summary>
internal sealed class SyncedUsers
{
    private const int MaxDisplayName = 256;
    private readonly PortalDb db;
    private readonly (TenantId Tenant, string Connector) source;
    private readonly (Actor By, DateTimeOffset At) now;
    private readonly HashSet<string> domains;
    private readonly Dictionary<string, User> known;

    /// <summary>Who holds which user principal name.</summary>
    private readonly Dictionary<string, User> holders;
    private readonly (int Most, int Left) room;
    private readonly List<User> displaced = [];
    private int projected;

    private SyncedUsers(
        PortalDb db,
        (TenantId, string) source,
        (Actor, DateTimeOffset) now,
        HashSet<string> domains,
        Dictionary<string, User> known,
        Dictionary<string, User> holders,
        (int, int) room
    ) =>
        (this.db, this.source, this.now, this.domains, this.known, this.holders, this.room) = (
            db,
            source,
            now,
            domains,
            known,
            holders,
            room
        );

    /// <summary>For the people of these anchors and names.</summary>
    public static async Task<SyncedUsers> LoadAsync(
        PortalDb db,
        (TenantId Tenant, string Connector) source,
        IReadOnlyList<(string Anchor, string Name)> people,
        Actor by,
        DateTimeOffset at,
        CancellationToken cancellation
    )
    {
        var (tenant, connector) = source;
        var domains = await db.Set<Domain>()
            .Where(d => d.Tenant == tenant && d.PasswordManagement != PasswordManagement.CloudOnly)
            .Select(d => d.Name)
            .ToHashSetAsync(cancellation);
        var anchors = people.Select(p => p.Anchor).Distinct().ToList();
        var known = await db.Set<User>()
            .Include(u => u.Contacts)
            .Where(u => u.Tenant == tenant && u.Connector == connector && anchors.Contains(u.SourceAnchor!))
            .ToDictionaryAsync(u => u.SourceAnchor!, StringComparer.Ordinal, cancellation);
        var names = people.Select(p => UserPrincipalName.TryParse(p.Name)?.Value).OfType<string>().Distinct().ToList();
        var holders = await db.Set<User>()
            .Where(u => u.Tenant == tenant && names.Contains(u.UserPrincipalName) && u.GoneAt == null)
            .ToDictionaryAsync(u => u.UserPrincipalName, StringComparer.Ordinal, cancellation);
        var room = anchors.TrueForAll(known.ContainsKey) ? default : await RoomAsync(db, tenant, cancellation);
        return new(db, source, (by, at), domains, known, holders, room);
    }

    /// <summary>Those who are gone count as well: their tombstones stay.</summary>
    private static async Task<(int Most, int Left)> RoomAsync(PortalDb db, TenantId tenant, CancellationToken cancellation)
    {
        var most = await db.Set<Tenant>().Where(t => t.Id == tenant).Select(t => t.MaxUsers).SingleAsync(cancellation);
        return (most, most - await db.Set<User>().CountAsync(u => u.Tenant == tenant, cancellation));
    }

    /// <summary>Of these names, those that somebody of the directory holds: with the holder's anchor.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> HoldersAsync(
        PortalDb db,
        (TenantId Tenant, string Connector) source,
        IReadOnlyList<string> typed,
        CancellationToken cancellation
    )
    {
        var names = typed.Select(t => UserPrincipalName.TryParse(t)?.Value).OfType<string>().Distinct().ToList();
        return await db.Set<User>()
            .Where(u =>
                u.Tenant == source.Tenant && u.Connector == source.Connector && names.Contains(u.UserPrincipalName) && u.GoneAt == null
            )
            .ToDictionaryAsync(u => u.UserPrincipalName, u => u.SourceAnchor!, StringComparer.Ordinal, cancellation);
    }

    /// <summary>Lets go of whom the directory no longer has, before anybody is told of who may have their name; what is told again changes nothing.</summary>
    /// <returns>Those of whom there was something left.</returns>
    public static async Task<IReadOnlyList<User>> LetGoAsync(
        PortalDb db,
        (TenantId Tenant, string Connector) source,
        IReadOnlyList<string> anchors,
        Actor by,
        DateTimeOffset at,
        CancellationToken cancellation
    )
    {
        if (anchors.Count == 0)
        {
            return [];
        }

        var (tenant, connector) = source;
        var gone = await db.Set<User>()
            .Include(u => u.Contacts)
            .Where(u => u.Tenant == tenant && u.Connector == connector && anchors.Contains(u.SourceAnchor!))
            .Where(u => u.GoneAt == null || u.RegisteredAt != null || u.Contacts.Count > 0)
            .ToListAsync(cancellation);
        gone.ForEach(user => user.LetGo(by, at));
        await db.SaveChangesAsync(cancellation);
        return gone;
    }

    /// <summary>Those whose name was given to another account, and who were not told of under a name of their own.</summary>
    public IEnumerable<User> Nameless => displaced.Where(user => user.GoneAt is not null);

    /// <summary>
    /// A name leads to the account that has it in the directory today: whoever of the same directory held one of these names for another account
    /// gives it up, and gets their own when they are told of, in this batch or a later one. So names change hands in whatever order and pattern.
    /// </summary>
    public async Task GiveWayAsync(IEnumerable<(string Anchor, string Name)> people, CancellationToken cancellation)
    {
        var claims = people
            .Select(p => (p.Anchor, Name: UserPrincipalName.TryParse(p.Name)))
            .Where(p => p.Name is not null && domains.Contains(p.Name.Domain))
            .DistinctBy(p => p.Name!.Value);
        foreach (var (anchor, name) in claims)
        {
            if (holders.TryGetValue(name!.Value, out var holder) && holder.SourceAnchor != anchor && holder.Connector == source.Connector)
            {
                holder.GoneAt = now.At;
                holder.Revise(now.By, now.At);
                holders.Remove(name.Value);
                displaced.Add(holder);
            }
        }

        if (displaced.Count > 0)
        {
            await db.SaveChangesAsync(cancellation);
        }
    }

    /// <param name="contacts">All that a directory tells; null where it has none.</param>
    public SyncedUser Take(
        string anchor,
        string typedName,
        string? displayName,
        IReadOnlyList<(ContactField Field, string? Typed)> contacts,
        AccountCredential? credential = null
    )
    {
        var reading = UserPrincipalName.Read(typedName);
        if (reading.Value is not { } name || !domains.Contains(name.Domain))
        {
            return reading is NameReading<UserPrincipalName>.Forbidden sign
                ? new SyncedUser.ForbiddenName(sign.CodePoint)
                : new SyncedUser.NoName();
        }

        known.TryGetValue(anchor, out var user);
        if (holders.TryGetValue(name.Value, out var holder) && holder.Id != user?.Id)
        {
            return new SyncedUser.NameTaken(holder);
        }

        if (user is null && projected >= room.Left)
        {
            return new SyncedUser.NoRoom(room.Most);
        }

        user ??= Project(anchor, name);
        Flow(user, name, Clean(displayName));

        // Not a revision: it happens each time that the password is set, and says nothing of the person.
        (user.DirectoryPasswordAt, user.AccountEndsAt, user.Shut) = (credential?.PasswordSetAt, credential?.EndsAt, credential?.Shut);
        return new SyncedUser.Taken(user, [.. contacts.Where(c => !Flows(user, c.Field, c.Typed)).Select(c => c.Field)]);
    }

    private User Project(string anchor, UserPrincipalName name)
    {
        var user = new User
        {
            Id = CloudAnchor.New().Value,
            Tenant = source.Tenant,
            Connector = source.Connector,
            SourceAnchor = anchor,
            UserPrincipalName = name.Value,
            CreatedAt = now.At,
        };
        user.Revise(now.By, now.At);
        db.Add(user);
        projected++;
        known[anchor] = user;
        holders[name.Value] = user;
        return user;
    }

    private void Flow(User user, UserPrincipalName name, string? displayName)
    {
        if ((user.UserPrincipalName, user.DisplayName, user.GoneAt) == (name.Value, displayName, null))
        {
            return;
        }

        if (holders.TryGetValue(user.UserPrincipalName, out var holder) && holder == user)
        {
            holders.Remove(user.UserPrincipalName);
        }

        holders[name.Value] = user;
        (user.UserPrincipalName, user.DisplayName, user.GoneAt) = (name.Value, displayName, null);
        user.Revise(now.By, now.At);
    }

    private bool Flows(User user, ContactField field, string? typed)
    {
        if (ContactStore.Write(user, field, [typed], ContactSource.Sync, now.By, now.At) is null)
        {
            return true;
        }

        ContactStore.Write(user, field, [], ContactSource.Sync, now.By, now.At);
        return false;
    }

    /// <summary>One line, bounded (H111).</summary>
    private static string? Clean(string? text)
    {
        var clean = (text ?? "").OnOneLine().Trim();
        return clean.Length == 0 ? null
            : clean.Length > MaxDisplayName ? clean[..MaxDisplayName]
            : clean;
    }
}
