using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Users;

namespace PortalApp.Administration.People;

/// <summary>What is looked for, as the address of the page says it.</summary>
/// <param name="Text">The beginning of a user ID, or of a word of the display name; empty for everybody.</param>
/// <param name="Sort"><c>name</c> or <c>id</c>, with a <c>-</c> before it for the other way round.</param>
/// <param name="Page">From 1.</param>
internal sealed record UserQuery(string Text, bool WithRole, string Sort, int Page)
{
    public const int PageSize = 25;
    public const int MaxText = 100;

    public static UserQuery Of(string? text, string? role, string? sort, int? page) =>
        new(
            (text ?? "").Trim() is var typed && typed.Length > MaxText ? typed[..MaxText] : typed,
            role == "any",
            sort is "name" or "-name" or "id" or "-id" ? sort : "name",
            Math.Max(1, page ?? 1)
        );
}

internal sealed record UserPageOf(IReadOnlyList<User> Users, int Total);

/// <summary>Finds people of one tenant.</summary>
internal sealed class UserSearch(IDbContextFactory<PortalDb> databases)
{
    public async Task<UserPageOf> FindAsync(TenantId tenant, UserQuery query, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var found = Matching(db, tenant, query);
        var total = await found.CountAsync(cancellation);
        var users = await Ordered(found, query.Sort)
            .Skip((query.Page - 1) * UserQuery.PageSize)
            .Take(UserQuery.PageSize)
            .Include(u => u.Contacts)
            .ToListAsync(cancellation);
        return new(users, total);
    }

    public static IQueryable<User> Matching(PortalDb db, TenantId tenant, UserQuery query)
    {
        var found = db.Set<User>().AsNoTracking().Where(u => u.Tenant == tenant && u.GoneAt == null);
        if (query.WithRole)
        {
            found = found.Where(u => u.Role != Role.User);
        }

        if (query.Text.Length > 0)
        {
            var (begins, inside) = ($"{Escape(query.Text)}%", $"% {Escape(query.Text)}%");
            found = found.Where(u =>
                EF.Functions.Like(u.UserPrincipalName, begins, "\\")
                || EF.Functions.Like(u.DisplayName!, begins, "\\")
                || EF.Functions.Like(u.DisplayName!, inside, "\\")
            );
        }

        return found;
    }

    private static IQueryable<User> Ordered(IQueryable<User> found, string sort) =>
        sort switch
        {
            "-name" => found.OrderByDescending(u => u.DisplayName).ThenByDescending(u => u.UserPrincipalName),
            "id" => found.OrderBy(u => u.UserPrincipalName),
            "-id" => found.OrderByDescending(u => u.UserPrincipalName),
            _ => found.OrderBy(u => u.DisplayName).ThenBy(u => u.UserPrincipalName),
        };

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
}
