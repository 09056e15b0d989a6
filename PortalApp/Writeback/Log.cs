namespace PortalApp.Writeback;

internal static partial class Log
{
    [LoggerMessage(35301, LogLevel.Error, "What follows the end of request {Request} failed.")]
    public static partial void TellingFailed(this ILogger logger, string request, Exception exception);

    [LoggerMessage(35302, LogLevel.Error, "Ending late requests failed; it will be tried again.")]
    public static partial void SweepFailed(this ILogger logger, Exception exception);
}
