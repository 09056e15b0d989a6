namespace PortalApp.Agents;

internal static partial class Log
{
    [LoggerMessage(35202, LogLevel.Error, "Looking for revoked agents failed; it will be tried again.")]
    public static partial void WatchFailed(this ILogger logger, Exception exception);

    [LoggerMessage(35203, LogLevel.Error, "Looking for the agents' networks failed; it will be tried again.")]
    public static partial void NetworksNotRead(this ILogger logger, Exception exception);
}
