using Microsoft.Extensions.Logging;

namespace Agent.Portal;

internal static partial class Log
{
    [LoggerMessage(41001, LogLevel.Warning, "The portal was not reached for {Path}: {Why}.")]
    public static partial void NotReached(this ILogger logger, string path, string why);

    [LoggerMessage(41002, LogLevel.Warning, "The portal refused {Path} with status {Status}.")]
    public static partial void CallRefused(this ILogger logger, string path, int status);

    [LoggerMessage(41003, LogLevel.Warning, "The portal's answer to {Path} could not be read.")]
    public static partial void AnswerUnreadable(this ILogger logger, string path);
}
