namespace PortalApp.Data;

internal static partial class Log
{
    [LoggerMessage(4501, LogLevel.Error, "Old {What} could not be deleted; it is tried again in a minute")]
    public static partial void NotDeleted(this ILogger logger, string what, Exception failure);
}
