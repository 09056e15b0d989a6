using Portal.Tenants;

namespace PortalApp.Notifications;

internal static partial class Log
{
    [LoggerMessage(
        35001,
        LogLevel.Warning,
        "Message {Message} of tenant {Tenant} was not sent at try {Try} ({Fault}); it will be tried again."
    )]
    public static partial void MessageFailed(this ILogger logger, long message, TenantId tenant, int @try, string fault);

    [LoggerMessage(35002, LogLevel.Warning, "Message {Message} of tenant {Tenant} was dropped: its time is over.")]
    public static partial void MessageExpired(this ILogger logger, long message, TenantId tenant);

    [LoggerMessage(35003, LogLevel.Error, "The message sender met a fault and goes on.")]
    public static partial void SenderFailed(this ILogger logger, Exception exception);

    [LoggerMessage(35004, LogLevel.Error, "Message {Message} of tenant {Tenant} was dropped: the master key does not open it.")]
    public static partial void MessageUnreadable(this ILogger logger, long message, TenantId tenant);

    [LoggerMessage(
        35006,
        LogLevel.Warning,
        "Message {Message} of tenant {Tenant} was dropped: its number takes none of its kind ({Why}; {Code})."
    )]
    public static partial void NumberRefused(this ILogger logger, long message, TenantId tenant, AddressFaultReason why, string code);

    [LoggerMessage(35007, LogLevel.Warning, "The provider Phone:{Provider} did not take message {Message} of tenant {Tenant}: {Fault}.")]
    public static partial void ProviderFailed(this ILogger logger, string provider, long message, TenantId tenant, string fault);

    [LoggerMessage(35008, LogLevel.Warning, "A report on message {Message} was ignored: the provider Phone:{Provider} did not sign it.")]
    public static partial void ReportForged(this ILogger logger, long message, string provider);

    [LoggerMessage(
        35005,
        LogLevel.Warning,
        "Message {Message} of tenant {Tenant} was dropped: the mail server refused the recipient for good, SMTP status {Status}."
    )]
    public static partial void RecipientRefused(this ILogger logger, long message, TenantId tenant, int status);
}
