using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Gates;
using PortalApp.Throttle;

namespace PortalApp.PasswordReset;

internal static partial class Log
{
    [LoggerMessage(4601, LogLevel.Information, "A reset was refused before the gates: {Code}, tenant {Tenant}, trace {Trace}")]
    public static partial void Refused(this ILogger logger, RefusalCode code, TenantId? tenant, string trace);

    [LoggerMessage(
        4602,
        LogLevel.Warning,
        "Network {Network} has begun as many flows as an hour allows ({More} more since the last such line)"
    )]
    public static partial void NetworkCapped(this ILogger logger, NetworkPrefix network, int more);

    [LoggerMessage(4603, LogLevel.Information, "Flow {Trace} begun in tenant {Tenant}")]
    public static partial void Begun(this ILogger logger, string trace, TenantId tenant);

    [LoggerMessage(4604, LogLevel.Information, "Flow {Trace} passed a gate")]
    public static partial void GatePassed(this ILogger logger, string trace);

    [LoggerMessage(4605, LogLevel.Information, "Flow {Trace} sent request {Request}")]
    public static partial void Sent(this ILogger logger, string trace, RequestId request);

    [LoggerMessage(4606, LogLevel.Information, "Request {Request} of flow {Trace} ended: {Outcome}, reason {Reason}")]
    public static partial void Ended(this ILogger logger, string request, string? trace, string outcome, WritebackReason reason);

    [LoggerMessage(4608, LogLevel.Information, "The first form was refused: {Why} ({More} more since the last such line)")]
    public static partial void EntryRefused(this ILogger logger, string why, int more);

    [LoggerMessage(4609, LogLevel.Information, "Flow {Trace}: {Method} was not passed: {Why}")]
    public static partial void GateRefused(this ILogger logger, string trace, GateMethod method, GateRefusal why);

    [LoggerMessage(4610, LogLevel.Information, "Flow {Trace}: {Method} was not begun: {Why}")]
    public static partial void GateNotBegun(this ILogger logger, string trace, GateMethod method, GateRefusal why);

    [LoggerMessage(4611, LogLevel.Information, "Flow {Trace}: a new password was refused before it was sent: {Why}")]
    public static partial void PasswordRefused(this ILogger logger, string trace, string why);

    [LoggerMessage(4612, LogLevel.Information, "Flow {Trace}: the account was not asked about again: {Tries} times are enough")]
    public static partial void CheckRefused(this ILogger logger, string trace, int tries);

    [LoggerMessage(
        4613,
        LogLevel.Information,
        "A form for {Path} came out of turn; the browser was sent to {Page} ({More} more since the last such line)"
    )]
    public static partial void OutOfTurn(this ILogger logger, string path, string page, int more);
}
