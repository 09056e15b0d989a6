using Amqp;
using Amqp.Framing;

namespace Portal.Relay;

/// <summary>One message from the relay; settled once, by one of the three.</summary>
public sealed class RelayDelivery
{
    private readonly ReceiverLink link;
    private readonly Message message;

    internal RelayDelivery(ReceiverLink link, Message message)
    {
        this.link = link;
        this.message = message;
    }

    /// <summary>The AMQP message id: the request's id, once the sealed one was compared with it.</summary>
    public string Id => message.Properties?.MessageId ?? "";

    /// <summary>Empty where the message is not of the form that a portal sends.</summary>
    public ReadOnlyMemory<byte> Body => message.BodySection is Data { Binary: { } bytes } ? bytes : ReadOnlyMemory<byte>.Empty;

    /// <summary>Done with: the relay forgets it.</summary>
    public void Accept() => Settle(() => link.Accept(message));

    /// <summary>Not for this agent: the relay keeps it for another.</summary>
    public void Release() => Settle(() => link.Modify(message, deliveryFailed: false, undeliverableHere: true));

    /// <summary>Nothing that could be opened: the relay drops it.</summary>
    public void Reject() => Settle(() => link.Reject(message));

    /// <summary>On a lost connection there is nobody to tell; the relay redelivers, and the grant keeps that harmless.</summary>
    private static void Settle(Action settle)
    {
        try
        {
            settle();
        }
        catch (AmqpException) { }
        catch (ObjectDisposedException) { }
        catch (InvalidOperationException) { }
    }
}
