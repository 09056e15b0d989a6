namespace PortalApp.Gates;

internal static partial class Log
{
    [LoggerMessage(5102, LogLevel.Error, "Old counts and codes could not be swept; the next round tries again")]
    public static partial void SweepFailed(this ILogger logger, Exception failure);
}
