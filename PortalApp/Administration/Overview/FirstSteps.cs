using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Administration.Overview;

/// <summary>How far a new tenant has come, from nothing to its first reset; computed from what is there.</summary>
/// <param name="Agent">Null where no domain of the tenant has its passwords on premises.</param>
/// <param name="User">Somebody has a name in a domain of the tenant's own.</param>
internal sealed record FirstSteps(bool Domain, bool? Agent, bool User, bool Reset)
{
    public bool AreDone => Domain && Agent != false && User && Reset;

    public static async Task<FirstSteps> OfAsync(
        PortalDb db,
        TenantId tenant,
        IReadOnlyList<EnrolledAgent> agents,
        CancellationToken cancellation
    )
    {
        // What an operator's first invitation makes is no domain of the tenant's own.
        var desk = $"desk-{tenant}.";
        var domains = await db.Set<Domain>()
            .Where(d => d.Tenant == tenant && !d.Name.StartsWith(desk))
            .Select(d => d.PasswordManagement)
            .ToListAsync(cancellation);
        return new(
            domains.Count > 0,
            domains.Any(d => d != PasswordManagement.CloudOnly) ? agents.Any(a => (a.State?.Connectors ?? []).Any(c => c.Filled)) : null,
            await db.Set<User>().AnyAsync(u => u.Tenant == tenant && u.GoneAt == null && !u.Domain.StartsWith(desk), cancellation),
            await db.Set<AuditEntry>().AnyAsync(a => a.Tenant == tenant && a.Event == AuditEventId.ResetDone, cancellation)
        );
    }
}
