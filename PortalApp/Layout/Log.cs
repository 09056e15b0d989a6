namespace PortalApp.Layout;

internal static partial class Log
{
    [LoggerMessage(4701, LogLevel.Warning, "A form for {Path} was refused with {Status}")]
    public static partial void FormRefused(this ILogger logger, string path, int status);
}
