namespace PortalApp.Layout;

internal static partial class Log
{
    [LoggerMessage(4701, LogLevel.Warning, "{Method} {Path} was refused with {Status} ({More} more since the last such line)")]
    public static partial void RequestRefused(this ILogger logger, string method, string? path, int status, int more);

    [LoggerMessage(
        4703,
        LogLevel.Information,
        "{Method} {Path} was asked for, and there is no such page ({More} more since the last such line)"
    )]
    public static partial void NoSuchPage(this ILogger logger, string method, string? path, int more);
}
