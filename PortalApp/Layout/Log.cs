namespace PortalApp.Layout;

internal static partial class Log
{
    [LoggerMessage(4701, LogLevel.Warning, "{Method} {Path} was refused with {Status}")]
    public static partial void RequestRefused(this ILogger logger, string method, string? path, int status);

    [LoggerMessage(4703, LogLevel.Information, "{Method} {Path} was asked for, and there is no such page")]
    public static partial void NoSuchPage(this ILogger logger, string method, string? path);
}
