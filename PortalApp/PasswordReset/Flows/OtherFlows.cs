using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Gates.Codes;

namespace PortalApp.PasswordReset.Flows;

/// <summary>What was begun for a person leads nowhere any more (H51).</summary>
internal sealed class OtherFlows(OneTimeCodes codes, TimeProvider clock)
{
    /// <summary>Within the caller's transaction.</summary>
    /// <param name="but">One that goes on; null for none.</param>
    public async Task EndAsync(PortalDb db, TenantId tenant, string subject, long? but, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var others = await db.Set<Flow>()
            .Where(f => f.Tenant == tenant && f.Subject == subject && f.Id != but && f.ExpiresAt > now)
            .Select(f => f.Id)
            .ToListAsync(cancellation);
        if (others.Count == 0)
        {
            return;
        }

        await db.Set<PassedGate>()
            .Where(g => others.Contains(g.FlowId) && g.SpentAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.SpentAt, now), cancellation);
        await codes.VoidAsync(db, CodePurpose.Flow, [.. others.Select(id => id.ToString(CultureInfo.InvariantCulture))], cancellation);
        await db.Set<Flow>()
            .Where(f => others.Contains(f.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.ExpiresAt, now), cancellation);
    }
}
