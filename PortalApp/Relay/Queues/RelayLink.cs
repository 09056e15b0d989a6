using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Portal.Relay;

namespace PortalApp.Relay.Queues;

/// <summary>An agent's receiving link. Its counts belong to its queue's lock.</summary>
internal sealed class RelayLink(ListenerLink link, RelayQueue queue, RelayPeer peer) : LinkEndpoint
{
    private int credit;
    private int debt;
    private int unsettled;

    public bool IsReady => credit > 0 && unsettled < RelayLimits.InFlightPerLink && !link.Session.Connection.IsClosed;

    public bool SettlesOnSend => link.SettleOnSend;

    public void Take()
    {
        credit--;
        unsettled++;
    }

    public void GiveBack() => unsettled--;

    /// <summary>
    /// The library zeroes its own count when the peer's limit did not rise, and reports later changes from there; this keeps the true one.
    /// </summary>
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

    /// <summary>False when the link is gone. Never blocks: the library queues what the network does not take.</summary>
    public bool TrySend(RelayItem queued, TimeSpan remaining, bool first)
    {
        try
        {
            var message = new Message
            {
                Header = new()
                {
                    Durable = false,
                    Ttl = (uint)Math.Max(1, remaining.TotalMilliseconds),
                    FirstAcquirer = first,
                },
                Properties = new() { MessageId = queued.Id, AbsoluteExpiryTime = queued.Expires.UtcDateTime },
                BodySection = new Amqp.Framing.Data { Binary = queued.Body },
            };
            link.SendMessage(new Tracked(message, queued));
            return true;
        }
        catch (Exception e) when (e is AmqpException or ObjectDisposedException or InvalidOperationException)
        {
            return false;
        }
    }

    public override void OnFlow(FlowContext flowContext) => queue.AddCredit(this, flowContext.Messages);

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        if (dispositionContext.Message is not Tracked tracked || dispositionContext.DeliveryState is not Outcome outcome)
        {
            return;
        }

        if (!dispositionContext.Settled)
        {
            link.DisposeMessage(dispositionContext.Message, dispositionContext.DeliveryState, settled: true);
        }

        // Of what is sent while we close the connection the library says that it was rejected: nobody saw it.
        queue.Settle(tracked.Queued, this, dealtWith: outcome is Accepted || (outcome is Rejected && !link.Session.Connection.IsClosed));
    }

    /// <summary>An agent that sends over the link on which it receives.</summary>
    public override void OnMessage(MessageContext messageContext) =>
        link.Close(TimeSpan.Zero, new Error(ErrorCode.NotAllowed) { Description = "An agent only receives." });

    public override void OnLinkClosed(ListenerLink closed, Error error)
    {
        peer.RemoveLink();
        queue.Remove(this);
    }

    private sealed class Tracked : Message
    {
        public Tracked(Message message, RelayItem queued)
        {
            Header = message.Header;
            Properties = message.Properties;
            BodySection = message.BodySection;
            Queued = queued;
        }

        public RelayItem Queued { get; }
    }
}
