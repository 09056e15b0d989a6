using System.Collections.Concurrent;
using Portal.Writeback;

namespace Agent.Writeback;

/// <summary>The requests that this process is at, until their outcome is in the journal or they came to nothing.</summary>
internal sealed class Flights
{
    private readonly ConcurrentDictionary<RequestId, TaskCompletionSource> inFlight = new();

    /// <param name="landing">Ends when the request does, whoever is at it.</param>
    /// <returns>False when another delivery of the same request is being handled.</returns>
    public bool TryEnter(RequestId id, out Task landing)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var there = inFlight.GetOrAdd(id, mine);
        landing = there.Task;
        return there == mine;
    }

    public void Leave(RequestId id)
    {
        if (inFlight.TryRemove(id, out var landing))
        {
            landing.SetResult();
        }
    }

    public bool Contains(RequestId id) => inFlight.ContainsKey(id);
}
