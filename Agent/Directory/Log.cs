using Microsoft.Extensions.Logging;

namespace Agent.Directory;

internal static partial class Log
{
    [LoggerMessage(43001, LogLevel.Warning, "The domain controller {Server} does not answer: {Why}")]
    public static partial void ControllerSilent(this ILogger logger, string server, string why);

    [LoggerMessage(
        43002,
        LogLevel.Error,
        "The directory refuses the agent's own account; it is tried again when its password file changes, or in 15 minutes: {Why}"
    )]
    public static partial void BindRefused(this ILogger logger, string why);
}
