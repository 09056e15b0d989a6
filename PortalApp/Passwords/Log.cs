namespace PortalApp.Passwords;

internal static partial class Log
{
    [LoggerMessage(4681, LogLevel.Warning, "A new password was not looked for among those that were breached: {Where}: {Why}")]
    public static partial void NotChecked(this ILogger logger, string where, string why);
}
