using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Users;

namespace PortalApp.Reports;

/// <param name="About">Null where it is about nobody whom the tenant has.</param>
internal sealed record Happening(AuditEntry Entry, string? About, string? Name);

/// <summary>
/// A tenant's events one at a time, with the names of whom they are about. The database is asked for one end of the time alone, and reading stops
/// at the other: asked for both SQLite would walk through all that happened in between, whatever it was.
/// </summary>
internal sealed class AuditRows(IDbContextFactory<PortalDb> databases)
{
    /// <summary>A page of them latest first; all of them kind by kind, oldest first, which needs no sorting.</summary>
    public async IAsyncEnumerable<Happening> OfAsync(
        TenantId tenant,
        IReadOnlyList<AuditEventId> events,
        ReportQuery query,
        RowWindow window,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var (begins, ends) = (query.Begins, query.Ends);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (window.Take is not { } take)
        {
            foreach (var kind in events)
            {
                var later = Of(db, tenant, kind, query).Where(a => a.At >= begins).OrderBy(a => a.At);
                await foreach (var one in Named(db, tenant, later).AsAsyncEnumerable().WithCancellation(cancellation))
                {
                    if (one.Entry.At >= ends)
                    {
                        break;
                    }

                    yield return one;
                }
            }

            yield break;
        }

        List<Happening> latest = [];
        foreach (var kind in events)
        {
            var ofKind = Of(db, tenant, kind, query).Where(a => a.At < ends).OrderByDescending(a => a.At).Take(window.Skip + take);
            latest.AddRange((await Named(db, tenant, ofKind).ToListAsync(cancellation)).Where(h => h.Entry.At >= begins));
        }

        foreach (var one in latest.OrderByDescending(h => h.Entry.At).ThenByDescending(h => h.Entry.Id).Skip(window.Skip).Take(take))
        {
            yield return one;
        }
    }

    private static IQueryable<AuditEntry> Of(PortalDb db, TenantId tenant, AuditEventId kind, ReportQuery query) =>
        db.Set<AuditEntry>()
            .AsNoTracking()
            .Where(a => a.Tenant == tenant && a.Event == kind)
            .Where(a => query.Why == null || a.Reason == query.Why);

    private static IQueryable<Happening> Named(PortalDb db, TenantId tenant, IQueryable<AuditEntry> entries) =>
        from a in entries
        join u in db.Set<User>().Where(u => u.Tenant == tenant) on a.Subject equals u.Id into us
        from u in us.DefaultIfEmpty()
        select new Happening(a, u == null ? null : u.Id, u == null ? null : u.DisplayName ?? u.UserPrincipalName);
}
