using Portal.Audit;
using Portal.Tenants;

namespace PortalApp.Audit;

internal static partial class Log
{
    [LoggerMessage(31000, LogLevel.Information, "Audit {Number} {Event}: tenant {Tenant}, subject {Subject}, request {Request}. {Detail}")]
    public static partial void Audited(
        this ILogger logger,
        int number,
        AuditEventId @event,
        TenantId? tenant,
        string? subject,
        string? request,
        string? detail
    );
}
