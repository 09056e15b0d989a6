using Portal.Relay;

namespace PortalApp.Relay;

/// <summary>
/// The messages of one tenant that wait for its agents: bounded, each gone at its time. What an agent did not settle comes back to the front.
/// Guarded by its own lock; links are called outside of it.
/// </summary>
internal sealed class RelayQueue(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly LinkedList<RelayItem> waiting = [];
    private readonly List<RelayLink> links = [];
    private int next;

    public bool HasReceiver
    {
        get
        {
            lock (gate)
            {
                return links.Count > 0;
            }
        }
    }

    public int Length
    {
        get
        {
            lock (gate)
            {
                Expire();
                return waiting.Count;
            }
        }
    }

    /// <summary>False beyond <see cref="RelayLimits.MaxQueueLength"/>.</summary>
    public bool TryAdd(RelayItem item)
    {
        lock (gate)
        {
            Expire();
            if (waiting.Count >= RelayLimits.MaxQueueLength)
            {
                return false;
            }

            waiting.AddLast(item);
        }

        Dispatch();
        return true;
    }

    public void Return(RelayItem item)
    {
        lock (gate)
        {
            waiting.AddFirst(item);
        }

        Dispatch();
    }

    public void Attach(RelayLink link)
    {
        lock (gate)
        {
            links.Add(link);
        }
    }

    public void Detach(RelayLink link)
    {
        lock (gate)
        {
            links.Remove(link);
        }
    }

    /// <summary>Gives waiting messages to links that have credit, in turn; a message that one could not use goes to another.</summary>
    public void Dispatch()
    {
        while (true)
        {
            RelayLink link;
            RelayItem item;
            lock (gate)
            {
                Expire();
                if (Choose() is not { } chosen)
                {
                    return;
                }

                (link, var node) = chosen;
                item = node.Value;
                waiting.Remove(node);
            }

            if (!link.TrySend(item))
            {
                lock (gate)
                {
                    waiting.AddFirst(item);
                    links.Remove(link);
                }
            }
        }
    }

    private (RelayLink Link, LinkedListNode<RelayItem> Item)? Choose()
    {
        for (var node = waiting.First; node is not null; node = node.Next)
        {
            for (var turn = 0; turn < links.Count; turn++)
            {
                var link = links[(next + turn) % links.Count];
                if (!node.Value.NotFor.Contains(link.AgentId) && link.TryTakeCredit())
                {
                    next = (next + turn + 1) % links.Count;
                    return (link, node);
                }
            }
        }

        return null;
    }

    private void Expire()
    {
        var now = clock.GetUtcNow();
        for (var node = waiting.First; node is not null; )
        {
            var following = node.Next;
            if (node.Value.ExpiresAt <= now)
            {
                waiting.Remove(node);
            }

            node = following;
        }
    }
}

/// <summary>One sealed request in the queue.</summary>
internal sealed class RelayItem(string id, byte[] body, DateTimeOffset expiresAt)
{
    public string Id => id;

    public byte[] Body => body;

    public DateTimeOffset ExpiresAt => expiresAt;

    /// <summary>Times it was handed out and came back.</summary>
    public uint Deliveries { get; set; }

    /// <summary>Agents that said it is not for them.</summary>
    public HashSet<string> NotFor { get; } = new(StringComparer.Ordinal);
}
