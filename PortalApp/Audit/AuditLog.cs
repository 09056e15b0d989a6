using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;

namespace PortalApp.Audit;

/// <summary>Writes what happened to the database and, with the same number, to the log.</summary>
internal sealed class AuditLog(IDbContextFactory<PortalDb> databases, TimeProvider clock, ILogger<AuditLog> logger)
{
    private const int DetailLimit = 500;

    public async Task WriteAsync(
        AuditEventId id,
        TenantId? tenant,
        string? subject = null,
        string? request = null,
        string? detail = null,
        string? network = null,
        CancellationToken cancellation = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        Add(db, id, tenant, subject, request, detail, network);
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Into the caller's transaction: the entry, and its line in the log, stand or fall with what they tell of.</summary>
    public void Add(
        PortalDb db,
        AuditEventId id,
        TenantId? tenant,
        string? subject = null,
        string? request = null,
        string? detail = null,
        string? network = null
    )
    {
        var cut = (detail is { Length: > DetailLimit } ? detail[..DetailLimit] : detail).OnOneLine();
        db.Add(
            new AuditEntry
            {
                At = clock.GetUtcNow(),
                Tenant = tenant,
                Event = id,
                Subject = subject,
                Request = request,
                Network = network,
                Detail = cut,
            }
        );
        db.SavedChanges += Tell;

        void Tell(object? sender, SavedChangesEventArgs saved)
        {
            db.SavedChanges -= Tell;
            logger.Audited((int)id, id, tenant, subject, request, cut);
        }
    }
}
