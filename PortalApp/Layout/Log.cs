namespace PortalApp.Layout;

internal static partial class Log
{
    [LoggerMessage(4701, LogLevel.Warning, "A form for {Path} was refused with {Status}")]
    public static partial void FormRefused(this ILogger logger, string path, int status);

    [LoggerMessage(4702, LogLevel.Warning, "A call to {Path} was refused with {Status}: {Why}")]
    public static partial void CallRefused(this ILogger logger, string path, int status, string why);

    [LoggerMessage(4703, LogLevel.Warning, "A request for {Path} was refused with {Status}")]
    public static partial void RequestRefused(this ILogger logger, string path, int status);
}
