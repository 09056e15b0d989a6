namespace PortalApp.Captcha;

internal static partial class Log
{
    [LoggerMessage(5201, LogLevel.Information, "A captcha was refused: {Why} ({More} more since the last such line)")]
    public static partial void CaptchaRefused(this ILogger logger, CaptchaRefusal why, int more);

    [LoggerMessage(
        5202,
        LogLevel.Warning,
        "The network {Network} has taken all captcha challenges of a minute ({More} more calls since the last such line)"
    )]
    public static partial void CaptchaNetworkLimited(this ILogger logger, string network, int more);
}
