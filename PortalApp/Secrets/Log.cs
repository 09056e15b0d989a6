namespace PortalApp.Secrets;

internal static partial class Log
{
    [LoggerMessage(31101, LogLevel.Error, "What an old master key wrapped could not be wrapped anew; it is tried again in a minute")]
    public static partial void NotRewrapped(this ILogger logger, Exception exception);

    [LoggerMessage(
        31102,
        LogLevel.Warning,
        "Nothing is wrapped by an old master key any more: its file was deleted, and key {Number} is the only one"
    )]
    public static partial void OldKeyDeleted(this ILogger logger, int number);
}
