using Portal.Tenants;

namespace PortalApp.Audit;

internal static partial class Log
{
    [LoggerMessage(4702, LogLevel.Warning, "A call to {Path} was refused with {Status}: {Why} ({More} more since the last such line)")]
    public static partial void CallRefused(this ILogger logger, string path, int status, string why, int more);

    [LoggerMessage(
        31093,
        LogLevel.Error,
        "The audit could not be sealed; what was written waits, and it is tried again ({More} more such lines)"
    )]
    public static partial void AuditNotSealed(this ILogger logger, int more, Exception exception);

    [LoggerMessage(31094, LogLevel.Error, "The audit could not be shipped; it is tried again ({More} more such lines)")]
    public static partial void AuditNotShipped(this ILogger logger, int more, Exception exception);

    [LoggerMessage(
        31095,
        LogLevel.Error,
        "The audit is not shipped to {Host}: {Why}. It waits, is tried again, and this is said again when it is something else."
    )]
    public static partial void ReceiverGone(this ILogger logger, string host, string why);

    [LoggerMessage(31096, LogLevel.Information, "The audit is shipped to {Host} again, with all that waited")]
    public static partial void ReceiverBack(this ILogger logger, string host);

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
