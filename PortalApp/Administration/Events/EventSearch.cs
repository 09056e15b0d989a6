using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Users;

namespace PortalApp.Administration.Events;

/// <summary>What of the audit is looked for, as the address of the page says it; null for all.</summary>
/// <param name="Trace">Of one flow, as a person reads it to the helpdesk.</param>
/// <param name="About">A user's id.</param>
/// <param name="Before">The number of the event before which to go on.</param>
internal sealed record EventQuery(string? Trace, string? About, AuditEventId? Event, DateTimeOffset? From, long? Before)
{
    public static EventQuery OfUser(string id) => new(null, id, null, null, null);
}

/// <param name="By">Who did it, by name.</param>
/// <param name="About">Whom it is about, by name; null where it is no user.</param>
/// <param name="Detail">With names for ids.</param>
internal sealed record EventLine(AuditEntry Entry, string By, string? About, string Detail);

/// <summary>Reads a tenant's audit, newest first.</summary>
internal sealed class EventSearch(IDbContextFactory<PortalDb> databases)
{
    public const int PageSize = 50;

    public async Task<IReadOnlyList<EventLine>> FindAsync(TenantId tenant, EventQuery query, int most, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var entries = await Matching(db, tenant, query).OrderByDescending(a => a.Id).Take(most).ToListAsync(cancellation);
        string[] ids =
        [
            .. entries
                .SelectMany(e =>
                    new[] { e.By.Kind == ActorKind.User ? e.By.Name : null, e.SubjectKind == AuditSubjectKind.User ? e.Subject : null }
                )
                .OfType<string>()
                .Distinct(),
        ];
        var names = await db.Set<User>()
            .Where(u => u.Tenant == tenant && ids.Contains(u.Id))
            .Select(u => new { u.Id, Name = u.DisplayName ?? u.UserPrincipalName })
            .ToDictionaryAsync(u => u.Id, u => u.Name, cancellation);
        return [.. entries.Select(e => Line(e, names))];
    }

    private static IQueryable<AuditEntry> Matching(PortalDb db, TenantId tenant, EventQuery query)
    {
        var found = db.Set<AuditEntry>().AsNoTracking().Where(a => a.Tenant == tenant && a.Event != AuditEventId.TenantKeyOpened);
        if (query.Trace is { } trace)
        {
            found = found.Where(a => a.Trace == trace);
        }

        if (query.About is { } about)
        {
            found = found.Where(a => a.Subject == about);
        }

        if (query.Event is { } kind)
        {
            found = found.Where(a => a.Event == kind);
        }

        if (query.From is { } from)
        {
            found = found.Where(a => a.At >= from);
        }

        return query.Before is { } number ? found.Where(a => a.Id < number) : found;
    }

    private static EventLine Line(AuditEntry entry, Dictionary<string, string> names)
    {
        var detail = entry.Detail ?? "";
        foreach (var (id, name) in names)
        {
            detail = detail.Replace($"User {id}", name, StringComparison.Ordinal).Replace(id, name, StringComparison.Ordinal);
        }

        return new(
            entry,
            entry.By.Kind == ActorKind.User && names.TryGetValue(entry.By.Name, out var by) ? by : entry.By.ToString(),
            entry.Subject is { } subject ? names.GetValueOrDefault(subject) : null,
            detail
        );
    }
}
