using Microsoft.Extensions.Logging;

namespace Agent.Relay;

internal static partial class Log
{
    [LoggerMessage(41301, LogLevel.Information, "Connected to the relay at {Relay}.")]
    public static partial void Connected(this ILogger logger, string relay);

    [LoggerMessage(41302, LogLevel.Warning, "The connection to the relay was lost; connecting again.")]
    public static partial void Lost(this ILogger logger);

    [LoggerMessage(41303, LogLevel.Warning, "Not connected to the relay: {Why}")]
    public static partial void NotConnected(this ILogger logger, string why);

    [LoggerMessage(
        41304,
        LogLevel.Error,
        "Not let in by the relay: {Why}. Tried again once a minute, and told again when it is something else."
    )]
    public static partial void Refused(this ILogger logger, string why);

    [LoggerMessage(41305, LogLevel.Error, "Listening on the relay broke; it goes on.")]
    public static partial void ListeningBroke(this ILogger logger, Exception exception);

    [LoggerMessage(41314, LogLevel.Warning, "Request {Request} could not be settled at the Service Bus ({Why}); it may come again.")]
    public static partial void NotSettled(this ILogger logger, string request, string why);

    [LoggerMessage(41315, LogLevel.Information, "The connection to the Service Bus could not be closed in good order ({Why}).")]
    public static partial void ServiceBusNotClosed(this ILogger logger, string why);

    [LoggerMessage(41306, LogLevel.Error, "A message that does not open was dropped: it is forged, or of a key that this agent lacks.")]
    public static partial void Forged(this ILogger logger);

    [LoggerMessage(41307, LogLevel.Warning, "Request {Request} came long after its deadline and was dropped.")]
    public static partial void Expired(this ILogger logger, string request);

    [LoggerMessage(41308, LogLevel.Information, "Request {Request} is sealed to other agents and was given back.")]
    public static partial void NotForMe(this ILogger logger, string request);

    [LoggerMessage(41313, LogLevel.Warning, "Request {Request} is for an account that this agent does not serve, and was given back.")]
    public static partial void NotServed(this ILogger logger, string request);

    [LoggerMessage(41310, LogLevel.Error, "Request {Request} broke.")]
    public static partial void HandlingBroke(this ILogger logger, string request, Exception exception);
}
