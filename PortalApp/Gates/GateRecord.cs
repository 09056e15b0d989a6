using Portal.Audit;
using Portal.Gates;
using PortalApp.Audit;

namespace PortalApp.Gates;

/// <summary>Writes down that a gate closed, for the administrator and the log. A decoy's is written too: it takes the same time.</summary>
internal sealed class GateRecord(AuditLog audit, ILogger<GateRecord> logger)
{
    public async Task LockedAsync(GateSubject subject, string why, CancellationToken cancellation)
    {
        logger.GateLocked(subject.Tenant.Value, subject.Subject, why);
        await audit.WriteAsync(AuditEventId.GateLocked, subject.Tenant, subject.Subject, detail: why, cancellation: cancellation);
    }
}
