using Portal.Tenants;

namespace PortalApp.Audit;

internal static partial class Log
{
    [LoggerMessage(4702, LogLevel.Warning, "A call to {Path} was refused with {Status}: {Why} ({More} more since the last such line)")]
    public static partial void CallRefused(this ILogger logger, string path, int status, string why, int more);

    [LoggerMessage(31098, LogLevel.Error, "Audit events that were counted only could not be written, and their number is lost")]
    public static partial void CountNotWritten(this ILogger logger, Exception exception);

    [LoggerMessage(
        31000,
        LogLevel.Information,
        "Audit {Number} {Event}: tenant {Tenant}, by {By}, of {Kind} {Subject}, request {Request}, trace {Trace}, outcome {Outcome}, reason {Reason}. {Detail}"
    )]
    public static partial void Audited(
        this ILogger logger,
        int number,
        AuditEventId @event,
        TenantId? tenant,
        Actor by,
        AuditSubjectKind? kind,
        string? subject,
        string? request,
        string? trace,
        string? outcome,
        string? reason,
        string? detail
    );
}
