using Microsoft.AspNetCore.Connections;

namespace PortalApp.Throttle;

/// <summary>
/// Connections that hold the server's memory and have not been answered yet: handshakes, headers and bodies under way. A person's is one of them
/// for moments. Where as many are open as <see cref="Limits.UnansweredConnections"/>, the oldest makes room of the network that has the most; for one
/// more of that network itself only when it stalls, as a connection that is refused costs next to nothing (H20).
/// </summary>
internal sealed class UnansweredConnections(Limits limits, TimeProvider clock)
{
    /// <summary>Longer than any answer begins to take.</summary>
    public static readonly TimeSpan Stalls = TimeSpan.FromSeconds(5);

    private readonly Dictionary<NetworkPrefix, LinkedList<Unanswered>> byNetwork = [];
    private readonly Lock turn = new();
    private int open;

    /// <summary>Counts it until it is answered or over; disposing is both.</summary>
    /// <returns>Null: there is no room for it.</returns>
    public IDisposable? TryAdd(ConnectionContext connection, NetworkPrefix from)
    {
        var added = new Unanswered(this, from, connection, clock.GetTimestamp());
        Unanswered? cut = null;
        lock (turn)
        {
            if (open >= limits.UnansweredConnections && (cut = TakeOldest(from)) is null)
            {
                return null;
            }

            if (!byNetwork.TryGetValue(from, out var mine))
            {
                byNetwork[from] = mine = [];
            }

            mine.AddLast(added.Node);
            open++;
        }

        connection.Features.Set(added);
        cut?.Cut();
        return added;
    }

    /// <summary>What was answered once is no stranger's stalled call: keep-alive, streams and WebSockets have limits of their own.</summary>
    public static Task NoteAnswerAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<Unanswered>() is { IsAnswered: false } connection)
        {
            connection.Asked = http;
            http.Response.OnStarting(
                state =>
                {
                    ((Unanswered)state).Dispose();
                    return Task.CompletedTask;
                },
                connection
            );
        }

        return next(http);
    }

    private Unanswered? TakeOldest(NetworkPrefix by)
    {
        var (busiest, waiting) = byNetwork.MaxBy(network => (network.Value.Count, -network.Value.First!.Value.Since));
        var isOfBusiest = byNetwork.GetValueOrDefault(by) is { } own && own.Count >= waiting.Count;
        var oldest = (isOfBusiest ? byNetwork[by] : waiting).First!;
        if (isOfBusiest && clock.GetElapsedTime(oldest.Value.Since) < Stalls)
        {
            return null;
        }

        Remove(isOfBusiest ? by : busiest, oldest);
        return oldest.Value;
    }

    private void Remove(NetworkPrefix from, LinkedListNode<Unanswered> node)
    {
        if (node.List is not { } list)
        {
            return;
        }

        list.Remove(node);
        open--;
        if (list.Count == 0)
        {
            byNetwork.Remove(from);
        }
    }

    private sealed class Unanswered : IDisposable
    {
        private readonly UnansweredConnections all;
        private readonly NetworkPrefix from;
        private readonly ConnectionContext connection;

        public Unanswered(UnansweredConnections all, NetworkPrefix from, ConnectionContext connection, long since)
        {
            (this.all, this.from, this.connection, Since) = (all, from, connection, since);
            Node = new(this);
        }

        public LinkedListNode<Unanswered> Node { get; }

        /// <summary>On the clock that never goes back.</summary>
        public long Since { get; }

        public bool IsAnswered { get; private set; }

        /// <summary>What it asks, once its headers are there.</summary>
        public HttpContext? Asked { get; set; }

        /// <summary>The request first: whoever reads its body is told that it was given up, which is no fault of the portal's.</summary>
        public void Cut()
        {
            Asked?.Abort();
            connection.Abort();
        }

        public void Dispose()
        {
            (IsAnswered, Asked) = (true, null);
            lock (all.turn)
            {
                all.Remove(from, Node);
            }
        }
    }
}
