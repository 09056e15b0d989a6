using Portal.Gates;
using Portal.Tenants;
using Portal.Writeback;

namespace PortalApp.PasswordReset;

internal static partial class Log
{
    [LoggerMessage(4601, LogLevel.Information, "A reset was refused before the gates: {Code}, tenant {Tenant}, trace {Trace}")]
    public static partial void Refused(this ILogger logger, RefusalCode code, TenantId? tenant, string trace);

    [LoggerMessage(4602, LogLevel.Warning, "Network {Network} has begun as many flows as an hour allows")]
    public static partial void NetworkCapped(this ILogger logger, NetworkPrefix network);

    [LoggerMessage(4603, LogLevel.Information, "Flow {Trace} begun in tenant {Tenant}")]
    public static partial void Begun(this ILogger logger, string trace, TenantId tenant);

    [LoggerMessage(4604, LogLevel.Information, "Flow {Trace} passed a gate")]
    public static partial void GatePassed(this ILogger logger, string trace);

    [LoggerMessage(4605, LogLevel.Information, "Flow {Trace} sent request {Request}")]
    public static partial void Sent(this ILogger logger, string trace, RequestId request);

    [LoggerMessage(4606, LogLevel.Information, "Request {Request} of flow {Trace} ended: {Outcome}, reason {Reason}")]
    public static partial void Ended(this ILogger logger, string request, string? trace, string outcome, WritebackReason reason);

    [LoggerMessage(4607, LogLevel.Error, "Forgetting old flows failed; it is tried again in an hour")]
    public static partial void SweepFailed(this ILogger logger, Exception exception);
}
