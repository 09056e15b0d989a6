namespace PortalApp.Layout;

internal static partial class Log
{
    [LoggerMessage(4701, LogLevel.Warning, "A form for {Path} was refused with {Status}")]
    public static partial void FormRefused(this ILogger logger, string path, int status);

    [LoggerMessage(4703, LogLevel.Warning, "A request for {Path} was refused with {Status}")]
    public static partial void RequestRefused(this ILogger logger, string path, int status);
}
