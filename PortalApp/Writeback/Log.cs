namespace PortalApp.Writeback;

internal static partial class Log
{
    [LoggerMessage(35301, LogLevel.Error, "What follows the end of request {Request} failed.")]
    public static partial void TellingFailed(this ILogger logger, string request, Exception exception);

    [LoggerMessage(35302, LogLevel.Error, "Ending late requests failed; it will be tried again.")]
    public static partial void SweepFailed(this ILogger logger, Exception exception);

    [LoggerMessage(35303, LogLevel.Error, "Request {Request} could not be sealed or sent; it was ended as not attempted.")]
    public static partial void NotSent(this ILogger logger, string request, Exception exception);
}
