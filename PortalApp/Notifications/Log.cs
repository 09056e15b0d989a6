using Portal.Tenants;

namespace PortalApp.Notifications;

internal static partial class Log
{
    [LoggerMessage(35001, LogLevel.Warning, "Mail {Mail} of tenant {Tenant} was not sent at try {Try} ({Fault}); it will be tried again.")]
    public static partial void MailFailed(this ILogger logger, long mail, TenantId tenant, int @try, string fault);

    [LoggerMessage(35002, LogLevel.Warning, "Mail {Mail} of tenant {Tenant} was dropped: its time is over.")]
    public static partial void MailExpired(this ILogger logger, long mail, TenantId tenant);

    [LoggerMessage(35003, LogLevel.Error, "The mail sender met a fault and goes on.")]
    public static partial void SenderFailed(this ILogger logger, Exception exception);

    [LoggerMessage(35004, LogLevel.Error, "Mail {Mail} of tenant {Tenant} was dropped: the master key does not open it.")]
    public static partial void MailUnreadable(this ILogger logger, long mail, TenantId tenant);
}
