using Portal.Relay;
using Portal.Writeback;

namespace Agent.Relay;

/// <summary>How often each request came of late. What came long ago is forgotten: the relay has nothing of it any more.</summary>
internal sealed class Redeliveries(TimeProvider clock)
{
    private readonly Lock turn = new();
    private readonly Dictionary<RequestId, int> times = [];
    private readonly Queue<(RequestId Id, long At)> order = [];

    /// <returns>How often it has come, this time among them.</returns>
    public int Count(RequestId id)
    {
        lock (turn)
        {
            while (order.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At) > 2 * RelayLimits.LongestTtl)
            {
                times.Remove(order.Dequeue().Id);
            }

            if (times.TryAdd(id, 0))
            {
                order.Enqueue((id, clock.GetTimestamp()));
            }

            return ++times[id];
        }
    }

    /// <summary>It was left for another agent, and comes again until one has it.</summary>
    public void Forget(RequestId id)
    {
        lock (turn)
        {
            times.Remove(id);
        }
    }
}
