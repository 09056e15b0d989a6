using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace PortalApp.Tests.Relay.ServiceBus;

/// <summary>A queue that lends its messages: who does not settle or renew in time loses the lock, and the message goes to the next.</summary>
internal sealed class StandInQueue : IDisposable
{
    public static readonly TimeSpan LockFor = TimeSpan.FromMinutes(1);
    public const int MostDeliveries = 100;

    private readonly TimeProvider clock;
    private readonly Lock turn = new();
    private readonly LinkedList<Held> waiting = [];
    private readonly Dictionary<Guid, Held> lent = [];
    private readonly LinkedList<StandInReceiver> receivers = [];
    private readonly List<string> deadLetters = [];
    private readonly List<(string Id, byte[] Body)> seen = [];
    private readonly ITimer sweeper;

    public StandInQueue(TimeProvider clock)
    {
        this.clock = clock;
        sweeper = clock.CreateTimer(_ => HandOut(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public int ReceiverCount => Locked(() => receivers.Count);

    /// <summary>Also what is lent.</summary>
    public int Length => Locked(() => waiting.Count + lent.Count);

    public IReadOnlyList<string> DeadLetters => Locked(() => deadLetters.ToArray());

    /// <summary>Whatever was ever sent here.</summary>
    public IReadOnlyList<(string Id, byte[] Body)> Seen => Locked(() => seen.ToArray());

    /// <summary>False while somebody makes the service silent.</summary>
    public bool Takes { get; set; } = true;

    /// <summary>How often locks were renewed.</summary>
    public int Renewals { get; private set; }

    /// <summary>What somebody with a key that may send would lay there.</summary>
    public static Message Junk() =>
        new()
        {
            Header = new() { Ttl = (uint)TimeSpan.FromMinutes(1).TotalMilliseconds },
            Properties = new() { MessageId = "junk" },
            BodySection = new Amqp.Framing.Data { Binary = "junk"u8.ToArray() },
        };

    public bool TryAdd(Message message)
    {
        if (!Takes)
        {
            return false;
        }

        lock (turn)
        {
            var life = TimeSpan.FromMilliseconds(message.Header.Ttl);
            var (id, body) = (message.Properties.MessageId, ((Amqp.Framing.Data)message.BodySection).Binary);
            seen.Add((id, body));
            waiting.AddLast(new Held(id, body, clock.GetUtcNow() + life, seen.Count));
        }

        HandOut();
        return true;
    }

    public void Add(StandInReceiver receiver) => Locked(() => receivers.AddLast(receiver));

    /// <summary>What it holds stays locked, as with the service.</summary>
    public void Remove(StandInReceiver receiver) => Locked(() => receivers.Remove(receiver));

    public void AddCredit(StandInReceiver receiver, int change)
    {
        lock (turn)
        {
            receiver.AddCredit(change);
        }

        HandOut();
    }

    public void TakeCredit(StandInReceiver receiver)
    {
        lock (turn)
        {
            receiver.DropCredit();
        }
    }

    public void Settle(Guid token, Outcome outcome)
    {
        lock (turn)
        {
            if (!lent.Remove(token, out var held))
            {
                return;
            }

            switch (outcome)
            {
                case Modified or Released:
                    held.Failures += outcome is Modified ? 1 : 0;
                    Return(held);
                    break;
                case Rejected:
                    deadLetters.Add(held.Id);
                    break;
            }
        }

        HandOut();
    }

    /// <summary>What a client asks at <c>$management</c>: to renew a lock, or to settle what it had over a link that is gone.</summary>
    public Message Manage(Message request)
    {
        var body = (Map)request.Body;
        var tokens = (Guid[])body["lock-tokens"];
        switch ((string)request.ApplicationProperties["operation"])
        {
            case "com.microsoft:renew-lock":
                var expirations = tokens.Select(Renew).ToList();
                return expirations.Contains(null)
                    ? Answer(410)
                    : Answer(200, new Map { ["expirations"] = expirations.Select(at => at!.Value).ToArray() });
            case "com.microsoft:update-disposition":
                var outcome = (string)body["disposition-status"];
                foreach (var token in tokens)
                {
                    Settle(
                        token,
                        outcome == "completed" ? new Accepted()
                            : outcome == "suspended" ? new Rejected()
                            : new Modified()
                    );
                }

                return Answer(200);
            default:
                return Answer(501);
        }
    }

    public static Message Answer(int status, object? body = null) =>
        new(body ?? new Map())
        {
            ApplicationProperties = new() { ["statusCode"] = status, ["statusDescription"] = "" },
        };

    public void Dispose() => sweeper.Dispose();

    private DateTime? Renew(Guid token)
    {
        lock (turn)
        {
            Renewals++;
            return lent.TryGetValue(token, out var held) ? (held.LockedUntil = clock.GetUtcNow() + LockFor).UtcDateTime : null;
        }
    }

    private void HandOut()
    {
        lock (turn)
        {
            Expire();
            while (waiting.First is { } first && receivers.FirstOrDefault(receiver => receiver.IsReady) is { } receiver)
            {
                waiting.RemoveFirst();
                var token = Guid.CreateVersion7();
                first.Value.LockedUntil = clock.GetUtcNow() + LockFor;
                receivers.Remove(receiver);
                receivers.AddLast(receiver);
                if (!receiver.TrySend(first.Value.Delivery(token)))
                {
                    waiting.AddFirst(first.Value);
                }
                else if (!receiver.SettlesOnSend)
                {
                    lent[token] = first.Value;
                }
            }
        }
    }

    private void Expire()
    {
        var now = clock.GetUtcNow();
        foreach (var (token, held) in lent.Where(entry => entry.Value.LockedUntil <= now).ToList())
        {
            lent.Remove(token);
            held.Failures++;
            Return(held);
        }

        foreach (var held in waiting.Where(held => held.Expires <= now).ToList())
        {
            waiting.Remove(held);
        }
    }

    private void Return(Held held)
    {
        if (held.Failures >= MostDeliveries)
        {
            deadLetters.Add(held.Id);
        }
        else
        {
            waiting.AddFirst(held);
        }
    }

    private T Locked<T>(Func<T> what)
    {
        lock (turn)
        {
            return what();
        }
    }

    private sealed class Held(string id, byte[] body, DateTimeOffset expires, long number)
    {
        public string Id => id;

        public DateTimeOffset Expires => expires;

        public DateTimeOffset LockedUntil { get; set; }

        public int Failures { get; set; }

        public StandInDelivery Delivery(Guid token) =>
            new()
            {
                LockToken = token,
                Header = new() { DeliveryCount = (uint)Failures },
                Properties = new() { MessageId = id },
                MessageAnnotations = new()
                {
                    [new Symbol("x-opt-locked-until")] = LockedUntil.UtcDateTime,
                    [new Symbol("x-opt-sequence-number")] = number,
                },
                BodySection = new Amqp.Framing.Data { Binary = body },
            };
    }
}
