using System.Collections.Concurrent;
using Portal.Writeback;

namespace Agent.Writeback;

/// <summary>The requests that this process is at, until their outcome is in the journal or they came to nothing.</summary>
internal sealed class Flights
{
    private readonly ConcurrentDictionary<RequestId, TaskCompletionSource<bool>> inFlight = new();

    /// <param name="landing">Ends when the request does, whoever is at it: whether it was handled.</param>
    /// <returns>False when another delivery of the same request is being handled.</returns>
    public bool TryEnter(RequestId id, out Task<bool> landing)
    {
        var mine = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var there = inFlight.GetOrAdd(id, mine);
        landing = there.Task;
        return there == mine;
    }

    public void Leave(RequestId id, bool handled)
    {
        if (inFlight.TryRemove(id, out var landing))
        {
            landing.SetResult(handled);
        }
    }

    public bool Contains(RequestId id) => inFlight.ContainsKey(id);
}
