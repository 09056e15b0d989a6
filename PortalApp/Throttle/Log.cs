namespace PortalApp.Throttle;

internal static partial class Log
{
    [LoggerMessage(
        4651,
        LogLevel.Warning,
        "Somebody guesses: {Most} wrong answers within the hour about people of {Tenant}; whoever begins there is asked for a second check"
    )]
    public static partial void FailureBudgetUsedUp(this ILogger logger, int most, string tenant);

    [LoggerMessage(
        4652,
        LogLevel.Warning,
        "The network {Network} holds as many connections as one may; the next was cut ({More} more since the last such line)"
    )]
    public static partial void TooManyConnections(this ILogger logger, NetworkPrefix network, int more);
}
