namespace Portal.Relay.ServiceBus;

/// <summary>Every number of our ends of a Service Bus; those of its queues stand in docs/service-bus.md.</summary>
public static class ServiceBusLimits
{
    /// <summary>For the whole of one send; then it counts as not accepted.</summary>
    public static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(10);

    /// <summary>A client that sent nothing for so long is closed. The service detaches an idle link after as long.</summary>
    public static readonly TimeSpan ClientIdle = TimeSpan.FromMinutes(10);

    /// <summary>No frame for this long means that the service is gone. The service may refuse a shorter one.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Before the client's one second attempt at whatever failed: a cut is over in under half a second.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>For each attempt of the client, also to connect.</summary>
    public static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(10);
}
