using Microsoft.EntityFrameworkCore;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Tenants;

/// <summary>Entries of the audit go where their tenant says after how many days; no others do.</summary>
internal static class AuditRetention
{
    public static async Task<int> DeleteAsync(PortalDb db, DateTimeOffset now, CancellationToken cancellation)
    {
        var bounded = await db.Set<Tenant>()
            .Where(t => t.AuditDays != null)
            .Select(t => new { t.Id, Days = t.AuditDays!.Value })
            .ToListAsync(cancellation);
        foreach (var tenant in bounded)
        {
            var before = now - TimeSpan.FromDays(tenant.Days);
            var deleted = await db.Set<AuditEntry>()
                .Where(a => a.Tenant == tenant.Id && a.At < before)
                .OrderBy(a => a.Id)
                .Take(Retention.AtOnce)
                .ExecuteDeleteAsync(cancellation);
            if (deleted > 0)
            {
                return deleted;
            }
        }

        return 0;
    }
}
