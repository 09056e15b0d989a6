using System.Collections.Concurrent;
using Portal.Writeback;

namespace Agent.Writeback;

/// <summary>The requests that this process is at, from before the claim until their outcome is in the journal.</summary>
internal sealed class Flights
{
    private readonly ConcurrentDictionary<RequestId, byte> inFlight = new();

    /// <returns>False when another delivery of the same request is being handled.</returns>
    public bool TryEnter(RequestId id) => inFlight.TryAdd(id, 0);

    public void Leave(RequestId id) => inFlight.TryRemove(id, out _);

    public bool Contains(RequestId id) => inFlight.ContainsKey(id);
}
