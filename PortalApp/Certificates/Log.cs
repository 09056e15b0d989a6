namespace PortalApp.Certificates;

internal static partial class Log
{
    [LoggerMessage(4401, LogLevel.Information, "The certificate of {Subject} is served; it ends in {Days} days")]
    public static partial void Serving(this ILogger logger, string subject, int days);

    [LoggerMessage(4402, LogLevel.Error, "The certificate in {File} cannot be served, and the one before it goes on: {Why}")]
    public static partial void NotTaken(this ILogger logger, string file, string why);

    [LoggerMessage(4403, LogLevel.Warning, "The certificate of {Subject} ends in {Days} days; renew it")]
    public static partial void EndsSoon(this ILogger logger, string subject, int days);
}
