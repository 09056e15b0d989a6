namespace Portal.Relay;

/// <summary>What the scheme of a relay's address says of how it is entered.</summary>
public static class RelaySchemes
{
    /// <summary>AMQP over WebSocket with the agent's own relay secret.</summary>
    public const string Embedded = "wss";

    /// <summary>A Service Bus, with a key that lies with the agent.</summary>
    public const string ServiceBus = "sb";
}
