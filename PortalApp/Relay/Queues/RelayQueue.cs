using Portal.Relay;

namespace PortalApp.Relay.Queues;

/// <summary>
/// One address's requests, in memory only, in order, each until its TTL. What waits and what is out with an agent counts towards the bound. A
/// message goes to one receiver at a time; when that one is lost or gives it back, to another.
/// </summary>
internal sealed class RelayQueue(TimeProvider clock)
{
    private readonly Lock turn = new();
    private readonly LinkedList<RelayItem> waiting = [];
    private readonly HashSet<RelayItem> handedOut = [];
    private readonly LinkedList<RelayLink> receivers = [];

    public bool HasReceiver
    {
        get
        {
            lock (turn)
            {
                return receivers.Count > 0;
            }
        }
    }

    /// <summary>Messages that wait; those with an agent are not among them.</summary>
    public int Length
    {
        get
        {
            lock (turn)
            {
                DropExpired();
                return waiting.Count;
            }
        }
    }

    /// <summary>Messages that wait or are with an agent: what counts towards the bound.</summary>
    public int Held
    {
        get
        {
            lock (turn)
            {
                DropExpired();
                return waiting.Count + handedOut.Count;
            }
        }
    }

    /// <summary>False: full.</summary>
    public bool TryAdd(RelayItem message)
    {
        lock (turn)
        {
            DropExpired();
            if (waiting.Count + handedOut.Count >= RelayLimits.MaxQueueLength)
            {
                return false;
            }

            waiting.AddLast(message);
        }

        HandOut();
        return true;
    }

    public void Add(RelayLink receiver)
    {
        lock (turn)
        {
            receivers.AddLast(receiver);
        }
    }

    public void Remove(RelayLink receiver)
    {
        lock (turn)
        {
            receivers.Remove(receiver);
            foreach (var message in handedOut.Where(message => message.Holder == receiver).ToList())
            {
                PutBack(message);
            }
        }

        HandOut();
    }

    /// <param name="change">As the library reports it; see <see cref="RelayLink.AddCredit"/>.</param>
    public void AddCredit(RelayLink receiver, int change)
    {
        lock (turn)
        {
            receiver.AddCredit(change);
        }

        HandOut();
    }

    /// <summary>The receiver settled: dealt with, or given back for another. A late word on what has expired, or is with another, counts for nothing.</summary>
    public void Settle(RelayItem message, RelayLink by, bool dealtWith)
    {
        lock (turn)
        {
            if (message.Holder != by || !handedOut.Contains(message))
            {
                return;
            }

            if (dealtWith)
            {
                Forget(message);
            }
            else
            {
                message.DeclinedBy(by);
                PutBack(message);
            }
        }

        HandOut();
    }

    /// <summary>Throws away what expired, also from the hands of a receiver that never settles.</summary>
    public void Sweep()
    {
        lock (turn)
        {
            DropExpired();
        }

        HandOut();
    }

    private void HandOut()
    {
        while (TakeNext() is { } next)
        {
            var remaining = next.Message.Expires - clock.GetUtcNow();
            if (!next.Receiver.TrySend(next.Message, remaining, next.First))
            {
                Settle(next.Message, next.Receiver, dealtWith: false);
            }
            else if (next.Receiver.SettlesOnSend)
            {
                Settle(next.Message, next.Receiver, dealtWith: true);
            }
        }
    }

    /// <summary>The oldest message that some receiver with credit has not declined. The receiver then goes to the end of the row.</summary>
    private (RelayItem Message, RelayLink Receiver, bool First)? TakeNext()
    {
        lock (turn)
        {
            DropExpired();
            if (!receivers.Any(receiver => receiver.IsReady))
            {
                return null;
            }

            foreach (var message in waiting)
            {
                if (receivers.FirstOrDefault(receiver => receiver.IsReady && message.MayGoTo(receiver)) is { } receiver)
                {
                    waiting.Remove(message);
                    handedOut.Add(message);
                    var first = !message.WasHandedOut;
                    message.WasHandedOut = true;
                    message.Holder = receiver;
                    receiver.Take();
                    receivers.Remove(receiver);
                    receivers.AddLast(receiver);
                    return (message, receiver, first);
                }
            }

            return null;
        }
    }

    private void PutBack(RelayItem message)
    {
        Forget(message);
        waiting.AddFirst(message);
    }

    private void Forget(RelayItem message)
    {
        handedOut.Remove(message);
        message.Holder?.GiveBack();
        message.Holder = null;
    }

    private void DropExpired()
    {
        var now = clock.GetUtcNow();
        for (var node = waiting.First; node is not null; )
        {
            var next = node.Next;
            if (node.Value.Expires <= now)
            {
                waiting.Remove(node);
            }

            node = next;
        }

        foreach (var message in handedOut.Where(message => message.Expires <= now).ToList())
        {
            Forget(message);
        }
    }
}
