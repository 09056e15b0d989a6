namespace Portal.Relay;

/// <summary>Every number of the relay, in one place. Whatever goes beyond one is refused; memory stays flat.</summary>
public static class RelayLimits
{
    /// <summary>Bytes of one sealed request, and of one AMQP frame.</summary>
    public const int MaxMessageBytes = 16 * 1024;

    /// <summary>Bytes that the embedded relay buffers for one incomplete frame or message of a peer; more closes the connection.</summary>
    public const int MaxBufferBytes = 256 * 1024;

    /// <summary>Messages of one address that wait or are with an agent, unsettled.</summary>
    public const int MaxQueueLength = 1000;

    /// <summary>Messages that one agent works on at a time: what it prefetched cannot expire at the relay, so this is small.</summary>
    public const int ReceiverCredit = 16;

    /// <summary>One for each connector that an agent serves, so that it can serve no more.</summary>
    public const int MaxLinksPerConnection = 4;
    public const int MaxConnectionsPerAgent = 4;
    public const int MaxConnectionsPerTenant = 32;
    public const int MaxConnections = 2000;

    /// <summary>Connections of anybody that have not yet said who they are.</summary>
    public const int MaxHandshakes = 1500;

    /// <summary>Of them from one network (/64, /24; twice that of a /56, four times of a /48).</summary>
    public const int MaxHandshakesPerNetwork = 20;

    /// <summary>Places besides, for networks in which an agent was seen: no crowd of strangers elsewhere takes them.</summary>
    public const int ReservedHandshakes = 500;

    /// <summary>Of those in one such network, whose agents may all come back at once after a restart.</summary>
    public const int ReservedHandshakesPerNetwork = 2 * MaxConnectionsPerTenant;

    /// <summary>From the accepted WebSocket to a finished SASL exchange.</summary>
    public static readonly TimeSpan HandshakeDeadline = TimeSpan.FromSeconds(5);

    /// <summary>A WebSocket ping after this silence, and this long for its answer: a half-open peer is dropped within twice of it.</summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(5);

    /// <summary>The agent's side: no frame for this long means that the relay is gone.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(20);

    /// <summary>For one connection attempt of an agent.</summary>
    public static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(8);

    /// <summary>The path at which Azure Service Bus, and so the embedded relay, takes AMQP over WebSocket.</summary>
    public const string Path = "/$servicebus/websocket";

    /// <summary>The WebSocket sub-protocol (OASIS AMQP WebSocket binding §2.1; <c>amqp</c> is what Service Bus takes).</summary>
    public const string SubProtocol = "amqp";

    /// <summary>Unsettled messages with one receiver, whatever credit it gives.</summary>
    public const int InFlightPerLink = 64;

    /// <summary>Bytes of a SASL frame (AMQP 1.0 §5.3.1).</summary>
    public const int MaxSaslFrameBytes = 512;

    /// <summary>A message without a time to live, or with a longer one, is refused.</summary>
    public static readonly TimeSpan LongestTtl = TimeSpan.FromSeconds(300);

    /// <summary>How often what expired is thrown away, also where nobody listens.</summary>
    public static readonly TimeSpan ExpirySweep = TimeSpan.FromSeconds(1);

    /// <summary>For the peer's half of a close; then the connection is cut.</summary>
    public static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);
}
