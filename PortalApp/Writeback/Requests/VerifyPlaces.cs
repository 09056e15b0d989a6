using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Data;

namespace PortalApp.Writeback.Requests;

/// <summary>
/// Where passwords are tried and accounts are explained: so many places of a tenant for each, taken until the request has ended, and one of each
/// for a person, the old password of a change counted. None of the places is a write's, so that neither waits for the other.
/// </summary>
internal sealed class VerifyPlaces(IDbContextFactory<PortalDb> databases)
{
    public const int OfTenant = 8;

    /// <summary>Adds the row where there is room. Of any number of callers, at any number of portals, no more come in: the unique indexes have the last word.</summary>
    /// <param name="row">With its subject.</param>
    public async Task<bool> TryAddAsync(Request row, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.RelaxAsync(cancellation);
        var taken = await db.Set<Request>()
            .Where(r => r.Tenant == row.Tenant && r.Subject != null && (r.EndedAt == null || r.Open))
            .Select(r => new { r.Place, r.Subject })
            .ToListAsync(cancellation);
        var first = row.Kind == RequestKind.Explain ? OfTenant : 0;
        int[] free = [.. Enumerable.Range(first, OfTenant).Where(place => taken.All(t => t.Place != place))];
        if (free.Length == 0 || taken.Any(t => t.Subject == row.Subject))
        {
            return false;
        }

        row.Place = free[RandomNumberGenerator.GetInt32(free.Length)];
        db.Add(row);
        try
        {
            await db.SaveChangesAsync(cancellation);
            return true;
        }
        catch (DbUpdateException)
        {
            return false;
        }
    }
}
