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

    [LoggerMessage(41005, LogLevel.Error, "The clocks differ: {How}. The portal refuses calls and requests until they agree.")]
    public static partial void ClockDiffers(this ILogger logger, string how);

    [LoggerMessage(
        41311,
        LogLevel.Warning,
        "The agent's account cannot read replPropertyMetaData: what came of a reset whose answer is lost will stay unknown. Grant it that right."
    )]
    public static partial void NoWriteCounter(this ILogger logger);

    [LoggerMessage(41312, LogLevel.Error, "Greeting the portal, or asking whether the directory is well, broke; it goes on.")]
    public static partial void GreetingBroke(this ILogger logger, Exception exception);

    [LoggerMessage(41004, LogLevel.Warning, "The portal's answer names no relay that this agent knows how to enter: {Address}.")]
    public static partial void RelayUnknown(this ILogger logger, string address);
}
