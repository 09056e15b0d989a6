using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Users;
using PortalApp.Users.Groups;
using PortalApp.Users.Search;

namespace PortalApp.Administration.People;

/// <summary>What is looked for, as the address of the page says it.</summary>
/// <param name="Text">Beginnings of a user ID, words of the name, a phone or an address, all of one person; empty for everybody.</param>
/// <param name="Sort"><c>name</c> or <c>id</c>, with a <c>-</c> before it for the other way round.</param>
/// <param name="Page">From 1.</param>
/// <param name="Group">The number of a group; null for everybody.</param>
internal sealed record UserQuery(string Text, bool WithRole, string Sort, int Page, long? Group = null)
{
    public const int PageSize = 25;
    public const int MaxText = 100;

    public static UserQuery Of(string? text, string? role, string? sort, int? page, long? group = null) =>
        new(
            (text ?? "").Trim() is var typed && typed.Length > MaxText ? typed[..MaxText] : typed,
            role == "any",
            sort is "name" or "-name" or "id" or "-id" ? sort : "name",
            Math.Max(1, page ?? 1),
            group
        );
}

/// <param name="IsCut">More are found by the text than are looked at.</param>
internal sealed record UserPageOf(IReadOnlyList<User> Users, int Total, bool IsCut);

/// <summary>Finds people of one tenant: by what they are found by, which is looked up in its index and never walked through.</summary>
internal sealed class UserSearch(IDbContextFactory<PortalDb> databases)
{
    /// <summary>Found by a text; whoever sees that there are more types on.</summary>
    private const int Most = 1000;

    public async Task<UserPageOf> FindAsync(TenantId tenant, UserQuery query, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var words = SearchText.WordsOf(query.Text);
        if (words.Count == 0 || query.WithRole || query.Group is not null)
        {
            var all = await MatchingAsync(db, tenant, query, cancellation);
            var total = await all.CountAsync(cancellation);
            return new(await PageAsync(db, all, query, total, cancellation), total, IsCut: false);
        }

        var ids = await Holders(db, tenant, words).Take(Most + 1).ToListAsync(cancellation);
        var isCut = ids.Count > Most;
        ids = ids[..Math.Min(ids.Count, Most)];
        var page = await PageAsync(db, OfIds(db, ids), query, ids.Count, cancellation);
        return new([.. page.Where(u => u.Tenant == tenant && u.GoneAt == null)], ids.Count, isCut);
    }

    /// <summary>Which they are is read from an index alone, from the end that they are nearer to; then they are.</summary>
    private static async Task<IReadOnlyList<User>> PageAsync(
        PortalDb db,
        IQueryable<User> found,
        UserQuery query,
        int total,
        CancellationToken cancellation
    )
    {
        var before = Math.Min(((long)query.Page - 1) * UserQuery.PageSize, total);
        var size = Math.Min(UserQuery.PageSize, total - before);
        var behind = total - before - size;
        var isNearerToEnd = behind < before;
        var ids = await Ordered(found, isNearerToEnd ? Backwards(query.Sort) : query.Sort)
            .Skip((int)Math.Min(before, behind))
            .Take(isNearerToEnd ? (int)size : UserQuery.PageSize)
            .Select(u => u.Id)
            .ToListAsync(cancellation);
        return await Ordered(OfIds(db, ids), query.Sort).Include(u => u.Contacts).ToListAsync(cancellation);
    }

    /// <summary>All of them, to be walked through.</summary>
    public static async Task<IQueryable<User>> MatchingAsync(PortalDb db, TenantId tenant, UserQuery query, CancellationToken cancellation)
    {
        var found = Matching(db, tenant, query);
        if (query.Group is not { } group)
        {
            return found;
        }

        var members = await Memberships.QueryAsync(db, tenant, [group], cancellation);
        return found.Where(u => members.Contains(u.Id));
    }

    /// <summary>The same, without the group.</summary>
    public static IQueryable<User> Matching(PortalDb db, TenantId tenant, UserQuery query)
    {
        var found = Present(db, tenant);
        if (query.WithRole)
        {
            found = found.Where(u => u.Role != Role.User);
        }

        foreach (var word in SearchText.WordsOf(query.Text))
        {
            var having = Having(db, word);
            found = found.Where(u => having.Any(t => t.UserId == u.Id));
        }

        return found;
    }

    private static IQueryable<User> Present(PortalDb db, TenantId tenant) =>
        db.Set<User>().AsNoTracking().Where(u => u.Tenant == tenant && u.GoneAt == null);

    /// <summary>Of the first word, which is the longest, the holders are looked up; they are asked for the others.</summary>
    private static IQueryable<string> Holders(PortalDb db, TenantId tenant, IReadOnlyList<string> words)
    {
        var found = Having(db, words[0]).Where(t => t.Tenant == tenant);
        foreach (var word in words.Skip(1))
        {
            var having = Having(db, word);
            found = found.Where(t => having.Any(other => other.UserId == t.UserId));
        }

        return found.Select(t => t.UserId).Distinct();
    }

    /// <summary>Not asked for their tenant, or a database would rather walk through its names than look them up.</summary>
    private static IQueryable<User> OfIds(PortalDb db, List<string> ids) =>
        db.Set<User>().AsNoTracking().Where(u => EF.Parameter(ids).Contains(u.Id));

    /// <summary>Whoever is looked for is given by id or tenant beside.</summary>
    [SuppressMessage(
        "Globalization",
        "CA1309",
        Justification = "Never called: it becomes a comparison in the database, in the order of its index."
    )]
    private static IQueryable<SearchTerm> Having(PortalDb db, string word)
    {
        var end = SearchText.EndOf(word);
        return db.Set<SearchTerm>().Where(t => string.Compare(t.Term, word) >= 0 && string.Compare(t.Term, end) < 0);
    }

    private static string Backwards(string sort) => sort.StartsWith('-') ? sort[1..] : $"-{sort}";

    private static IQueryable<User> Ordered(IQueryable<User> found, string sort) =>
        sort switch
        {
            "-name" => found.OrderByDescending(u => u.DisplayName).ThenByDescending(u => u.UserPrincipalName),
            "id" => found.OrderBy(u => u.UserPrincipalName),
            "-id" => found.OrderByDescending(u => u.UserPrincipalName),
            _ => found.OrderBy(u => u.DisplayName).ThenBy(u => u.UserPrincipalName),
        };
}
