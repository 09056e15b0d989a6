using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace PortalApp.Relay;

/// <summary>An agent's receiving link: its credit, and what it has in hand.</summary>
internal sealed class RelayLink(RelayQueue queue, ListenerLink link, string agentId, TimeProvider clock, Action closed) : LinkEndpoint
{
    private readonly Lock gate = new();
    private readonly Dictionary<Message, RelayItem> inHand = new(ReferenceEqualityComparer.Instance);
    private int credit;
    private int debt;
    private bool gone;

    public string AgentId => agentId;

    public bool TryTakeCredit()
    {
        lock (gate)
        {
            if (gone || credit <= 0)
            {
                return false;
            }

            credit--;
            return true;
        }
    }

    public bool TrySend(RelayItem item)
    {
        var left = item.ExpiresAt - clock.GetUtcNow();
        var message = new Message
        {
            BodySection = new Amqp.Framing.Data { Binary = item.Body },
            Properties = new Properties { MessageId = item.Id },
            Header = new Header
            {
                Durable = false,
                FirstAcquirer = item.Deliveries == 0,
                DeliveryCount = item.Deliveries,
                Ttl = (uint)Math.Max(1, left.TotalMilliseconds),
            },
        };
        item.Deliveries++;
        lock (gate)
        {
            if (gone)
            {
                return false;
            }

            inHand[message] = item;
        }

        try
        {
            link.SendMessage(message);
            return true;
        }
        catch (Exception e) when (e is AmqpException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            return Take(message) is null;
        }
    }

    /// <summary>The library zeroes its own count on a change of 0 or less, so the credit is counted here.</summary>
    public override void OnFlow(FlowContext flowContext)
    {
        lock (gate)
        {
            var change = flowContext.Messages;
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

        queue.Dispatch();
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        if (Take(dispositionContext.Message) is { } item)
        {
            switch (dispositionContext.DeliveryState)
            {
                case Accepted or Rejected:
                    break;
                case Modified { UndeliverableHere: true }:
                    item.NotFor.Add(agentId);
                    queue.Return(item);
                    break;
                default:
                    queue.Return(item);
                    break;
            }
        }

        dispositionContext.Complete();
    }

    public override void OnLinkClosed(ListenerLink listenerLink, Error error) => Leave();

    public void Leave()
    {
        RelayItem[] unsettled;
        lock (gate)
        {
            if (gone)
            {
                return;
            }

            gone = true;
            unsettled = [.. inHand.Values];
            inHand.Clear();
        }

        queue.Detach(this);
        Array.ForEach(unsettled, queue.Return);
        closed();
    }

    private RelayItem? Take(Message message)
    {
        lock (gate)
        {
            return inHand.Remove(message, out var item) ? item : null;
        }
    }
}
