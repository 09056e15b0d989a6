using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Audit;

/// <summary>Writes what happened to the database and, with the same number, to the log.</summary>
internal sealed class AuditLog(IDbContextFactory<PortalDb> databases, TimeProvider clock, ILogger<AuditLog> logger)
{
    private const int DetailLimit = 500;

    public async Task WriteAsync(AuditEvent happened, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        Add(db, happened);
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Into the caller's transaction: the entry, and its line in the log, stand or fall with what they tell of.</summary>
    public void Add(PortalDb db, AuditEvent happened)
    {
        var entry = new AuditEntry
        {
            At = clock.GetUtcNow(),
            Tenant = happened.Tenant,
            Event = happened.Id,
            By = happened.By,
            SubjectKind = happened.Subject?.Kind,
            Subject = happened.Subject?.Id.OnOneLine(),
            Request = happened.Request,
            Trace = happened.Trace,
            Outcome = happened.Outcome,
            Reason = happened.Reason,
            Network = happened.Network,
            Detail = (happened.Detail is { Length: > DetailLimit } detail ? detail[..DetailLimit] : happened.Detail).OnOneLine(),
        };
        db.Add(entry);
        db.SavedChanges += Tell;

        void Tell(object? sender, SavedChangesEventArgs saved)
        {
            db.SavedChanges -= Tell;
            logger.Audited(
                (int)entry.Event,
                entry.Event,
                entry.Tenant,
                entry.By,
                entry.SubjectKind,
                entry.Subject,
                entry.Request,
                entry.Trace,
                entry.Outcome,
                entry.Reason,
                entry.Detail
            );
        }
    }
}
