using System.Net;
using Portal.Tenants;

namespace PortalApp.Relay;

internal static partial class Log
{
    [LoggerMessage(35105, LogLevel.Information, "Agent {Agent} of tenant {Tenant} is connected to the relay")]
    public static partial void AgentConnected(this ILogger logger, string agent, TenantId tenant);

    [LoggerMessage(35106, LogLevel.Information, "Agent {Agent} of tenant {Tenant} left the relay")]
    public static partial void AgentLeft(this ILogger logger, string agent, TenantId tenant);

    [LoggerMessage(
        35101,
        LogLevel.Warning,
        "A connection from {Remote} to the relay was refused: {Why} ({More} more since the last such line)"
    )]
    public static partial void HandshakeFailed(this ILogger logger, IPAddress? remote, string why, int more);

    [LoggerMessage(35104, LogLevel.Warning, "Agent {Agent} of tenant {Tenant} has too many connections to the relay; this one was refused")]
    public static partial void TooManyConnections(this ILogger logger, string agent, TenantId tenant);

    [LoggerMessage(35108, LogLevel.Error, "The Service Bus of tenant {Tenant} did not take request {Request}: {Why}")]
    public static partial void ServiceBusDidNotTake(this ILogger logger, string request, TenantId tenant, string why);

    [LoggerMessage(35109, LogLevel.Information, "A connection to a Service Bus could not be closed in good order ({Why})")]
    public static partial void ServiceBusNotClosed(this ILogger logger, string why);

    [LoggerMessage(35107, LogLevel.Error, "Looking for expired messages broke; it is done again in a moment")]
    public static partial void SweepFailed(this ILogger logger, Exception exception);

    [LoggerMessage(35103, LogLevel.Warning, "Agent {Agent} of tenant {Tenant} was refused a link of the relay: {What}")]
    public static partial void LinkRefused(this ILogger logger, string agent, TenantId tenant, string what);
}
