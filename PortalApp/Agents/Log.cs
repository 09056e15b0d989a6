namespace PortalApp.Agents;

internal static partial class Log
{
    [LoggerMessage(35201, LogLevel.Warning, "A call to {Path} was refused: {Why}.")]
    public static partial void CallRefused(this ILogger logger, string path, string why);

    [LoggerMessage(35202, LogLevel.Error, "Looking for revoked agents failed; it will be tried again.")]
    public static partial void WatchFailed(this ILogger logger, Exception exception);

    [LoggerMessage(35203, LogLevel.Warning, "Too many enrolments from {Network}; the next is refused.")]
    public static partial void TooManyEnrolments(this ILogger logger, string network);
}
