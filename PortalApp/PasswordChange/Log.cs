using Portal.Writeback;

namespace PortalApp.PasswordChange;

internal static partial class Log
{
    [LoggerMessage(4671, LogLevel.Information, "The change of request {Request} ended: {Outcome}, {Reason}.")]
    public static partial void Ended(this ILogger logger, string request, string outcome, WritebackReason reason);
}
