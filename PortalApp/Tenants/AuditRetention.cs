using Microsoft.EntityFrameworkCore;
using PortalApp.Audit.Chain;
using PortalApp.Data;

namespace PortalApp.Tenants;

/// <summary>Entries of the audit go where their tenant says after how many days; no others do.</summary>
internal sealed class AuditRetention(AuditTrim trim)
{
    public async Task<int> DeleteAsync(PortalDb db, DateTimeOffset now, CancellationToken cancellation)
    {
        var bounded = await db.Set<Tenant>()
            .Where(t => t.AuditDays != null)
            .Select(t => new { t.Id, Days = t.AuditDays!.Value })
            .ToListAsync(cancellation);
        foreach (var tenant in bounded)
        {
            if (await trim.TrimAsync(db, tenant.Id, now - TimeSpan.FromDays(tenant.Days), cancellation) is > 0 and var deleted)
            {
                return deleted;
            }
        }

        return 0;
    }
}
