namespace PortalApp.Throttle;

internal static partial class Log
{
    [LoggerMessage(
        4651,
        LogLevel.Warning,
        "Somebody guesses: {Most} wrong answers within the hour about people of {Tenant}; whoever begins there is asked for a second check"
    )]
    public static partial void FailureBudgetUsedUp(this ILogger logger, int most, string tenant);
}
