using Microsoft.Extensions.Logging;

namespace Agent.Status;

internal static partial class Log
{
    [LoggerMessage(41401, LogLevel.Warning, "The status could not be written: {Why}")]
    public static partial void StatusNotWritten(this ILogger logger, string why);
}
