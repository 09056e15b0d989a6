using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace PortalApp.Tests.Relay.ServiceBus;

/// <summary>A message on its way to one receiver.</summary>
internal sealed class StandInDelivery : Message
{
    public required Guid LockToken { get; init; }
}

/// <summary>A link over which somebody receives. Its credit belongs to its queue's lock.</summary>
internal sealed class StandInReceiver(ListenerLink link, StandInQueue queue) : LinkEndpoint
{
    private int credit;
    private int debt;

    public bool IsReady => credit > 0 && !link.Session.Connection.IsClosed;

    public bool SettlesOnSend => link.SettleOnSend;

    public void AddCredit(int change)
    {
        if (change <= 0)
        {
            credit = Math.Max(0, credit + change);
            debt = credit;
        }
        else
        {
            credit += change - debt;
            debt = 0;
        }
    }

    /// <summary>False when the link is gone.</summary>
    public bool TrySend(StandInDelivery delivery)
    {
        credit--;
        try
        {
            link.SendMessage(delivery);
            return true;
        }
        catch (AmqpException)
        {
            return false;
        }
    }

    public override void OnFlow(FlowContext flowContext)
    {
        queue.AddCredit(this, flowContext.Messages);
        if (link.IsDraining)
        {
            queue.TakeCredit(this);
            link.CompleteDrain();
        }
    }

    public void DropCredit() => credit = debt = 0;

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        if (dispositionContext is not { Message: StandInDelivery held, DeliveryState: Outcome outcome } || link.Session.Connection.IsClosed)
        {
            return;
        }

        if (!dispositionContext.Settled)
        {
            // A rejection that is echoed with its error counts as failed.
            link.DisposeMessage(held, outcome is Rejected ? new Accepted() : outcome, settled: true);
        }

        queue.Settle(held.LockToken, outcome);
    }

    public override void OnLinkClosed(ListenerLink closed, Error error) => queue.Remove(this);
}
