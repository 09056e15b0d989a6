using Microsoft.EntityFrameworkCore;
using Portal.DirectorySync;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Users;

namespace PortalApp.DirectorySync;

/// <summary>
/// Takes a batch of users from an agent. Matched by (tenant, connector, source anchor), never by name; touches names and phones of its own
/// users and nothing else: no licence, switch, role or Authentication… field. A batch that is sent again changes nothing.
/// </summary>
internal sealed class SyncImport(
    IDbContextFactory<PortalDb> databases,
    ThrottleStore throttle,
    Limits limits,
    AuditLog audit,
    TimeProvider clock
)
{
    public const int MaxObjects = 500;

    public async Task<SyncReport> ImportAsync(TenantId tenant, string agent, SyncBatch batch, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var import = await LoadAsync(db, tenant, batch, cancellation);
        var results = batch.Objects.Select(import.Take).ToList();

        // One that took a name which another gave up later in the batch has its turn once more.
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i].Error == SyncErrors.NameTaken)
            {
                results[i] = import.Take(batch.Objects[i]);
            }
        }

        await AuditAsync(db, tenant, agent, results, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return new SyncReport(results);
    }

    private async Task<SyncBatchImport> LoadAsync(PortalDb db, TenantId tenant, SyncBatch batch, CancellationToken cancellation)
    {
        var domains = await db.Set<Domain>()
            .Where(d => d.Tenant == tenant && d.PasswordManagement != PasswordManagement.CloudOnly)
            .Select(d => d.Name)
            .ToHashSetAsync(cancellation);
        var anchors = batch.Objects.Select(o => o.SourceAnchor).Distinct().ToList();
        var users = await db.Set<User>()
            .Include(u => u.Contacts)
            .Where(u => u.Tenant == tenant && u.Connector == batch.Connector && anchors.Contains(u.SourceAnchor!))
            .ToListAsync(cancellation);
        var names = batch.Objects.Select(o => UserPrincipalName.TryParse(o.UserPrincipalName)?.Value).OfType<string>().Distinct().ToList();
        var holders = await db.Set<User>()
            .Where(u => u.Tenant == tenant && names.Contains(u.UserPrincipalName))
            .Select(u => new { u.UserPrincipalName, u.Id })
            .ToListAsync(cancellation);
        return new SyncBatchImport(
            tenant,
            batch.Connector,
            domains,
            users,
            holders.ToDictionary(h => h.UserPrincipalName, h => h.Id, StringComparer.Ordinal),
            user => db.Add(user),
            clock.GetUtcNow()
        );
    }

    private async Task AuditAsync(
        PortalDb db,
        TenantId tenant,
        string agent,
        List<SyncObjectResult> results,
        CancellationToken cancellation
    )
    {
        foreach (var refused in results.Where(r => r.CloudAnchor is null))
        {
            if (!await throttle.TakeAsync(db, limits.SyncRefusalsAudited, $"{tenant}", cancellation))
            {
                return;
            }

            audit.Add(db, AuditEventId.SyncObjectRefused, tenant, agent, detail: $"{refused.SourceAnchor}: {refused.Error}");
        }
    }
}
