namespace PortalApp.Registration;

internal static partial class Log
{
    [LoggerMessage(4901, LogLevel.Error, "Phones and addresses whose time has come could not be let count; it is tried again in a minute")]
    public static partial void WaitingFailed(this ILogger logger, Exception failure);
}
