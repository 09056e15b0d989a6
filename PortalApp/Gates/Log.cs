namespace PortalApp.Gates;

internal static partial class Log
{
    [LoggerMessage(5101, LogLevel.Warning, "The gate closed for subject {Subject} of tenant {Tenant}: {Why}")]
    public static partial void GateLocked(this ILogger logger, int tenant, string subject, string why);

    [LoggerMessage(5102, LogLevel.Error, "Old counts and codes could not be swept; the next round tries again")]
    public static partial void SweepFailed(this ILogger logger, Exception failure);
}
