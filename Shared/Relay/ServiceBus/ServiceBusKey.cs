using System.Net;
using Azure.Messaging.ServiceBus;

namespace Portal.Relay.ServiceBus;

/// <summary>What came of reading a connection string.</summary>
public abstract record ServiceBusKeyReading
{
    private ServiceBusKeyReading() { }

    public sealed record Good(ServiceBusKey Key) : ServiceBusKeyReading;

    /// <param name="Sentence">What is wrong and what to write; shows nothing of the secret.</param>
    public sealed record Wrong(string Sentence) : ServiceBusKeyReading;
}

/// <summary>A connection string: where a Service Bus is, and the key of one of its policies. Cannot print the key.</summary>
public sealed class ServiceBusKey
{
    private const string Example = "Endpoint=sb://NAME.servicebus.windows.net/;SharedAccessKeyName=…;SharedAccessKey=…;EntityPath=…";

    private readonly string text;

    private ServiceBusKey(string text, ServiceBusConnectionStringProperties parts)
    {
        this.text = text;
        Address = parts.Endpoint;
        Policy = parts.SharedAccessKeyName;
        Queue = parts.EntityPath;
    }

    /// <summary>As the portal tells it to agents, with the scheme <see cref="RelaySchemes.ServiceBus"/>.</summary>
    public Uri Address { get; }

    public string Policy { get; }

    /// <summary>The only one that the key opens; null where it opens them all.</summary>
    public string? Queue { get; }

    public bool Opens(string queue) => Queue is null || string.Equals(Queue, queue, StringComparison.OrdinalIgnoreCase);

    public static ServiceBusKeyReading Read(string text)
    {
        ServiceBusConnectionStringProperties parts;
        try
        {
            parts = ServiceBusConnectionStringProperties.Parse(text.Trim());
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return new ServiceBusKeyReading.Wrong($"this is no connection string of a Service Bus; it looks like {Example}");
        }

        if (string.IsNullOrEmpty(parts.SharedAccessKeyName) || string.IsNullOrEmpty(parts.SharedAccessKey))
        {
            return new ServiceBusKeyReading.Wrong($"it names no policy or no key of it; it looks like {Example}");
        }

        return TurnsTlsOff(text) && !IsThisMachine(parts.Endpoint.Host)
            ? new ServiceBusKeyReading.Wrong("UseDevelopmentEmulator turns TLS off, and is for this machine alone")
            : new ServiceBusKeyReading.Good(new(text.Trim(), parts));
    }

    /// <summary>Over WebSocket: the port and, where there is one, the proxy (<c>HTTPS_PROXY</c>) that everything else takes.</summary>
    public ServiceBusClient Open() =>
        new(
            text,
            new ServiceBusClientOptions
            {
                TransportType = ServiceBusTransportType.AmqpWebSockets,
                ConnectionIdleTimeout = ServiceBusLimits.IdleTimeout,
                RetryOptions = new()
                {
                    Mode = ServiceBusRetryMode.Fixed,
                    Delay = ServiceBusLimits.RetryDelay,
                    MaxRetries = 1,
                    TryTimeout = ServiceBusLimits.TryTimeout,
                },
            }
        );

    public override string ToString() => $"{Policy} at {Address}";

    private static bool TurnsTlsOff(string text) => text.Contains("UseDevelopmentEmulator", StringComparison.OrdinalIgnoreCase);

    private static bool IsThisMachine(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
}
