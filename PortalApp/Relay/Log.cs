using Portal.Tenants;

namespace PortalApp.Relay;

internal static partial class Log
{
    [LoggerMessage(35101, LogLevel.Warning, "The relay refused somebody who does not hold an agent's secret.")]
    public static partial void EntryRefused(this ILogger logger);

    [LoggerMessage(35102, LogLevel.Information, "A connection to the relay ended before it said who it is ({Fault}).")]
    public static partial void HandshakeFailed(this ILogger logger, string fault);

    [LoggerMessage(
        35103,
        LogLevel.Warning,
        "The relay refused a link of agent {Agent} of tenant {Tenant}: it may receive from its tenant's address alone."
    )]
    public static partial void AttachRefused(this ILogger logger, string agent, TenantId tenant);

    [LoggerMessage(35104, LogLevel.Warning, "The relay refused one connection too many of agent {Agent} of tenant {Tenant}.")]
    public static partial void TooManyConnections(this ILogger logger, string agent, TenantId tenant);
}
