using System.Collections.Concurrent;

namespace PortalApp.Writeback;

/// <summary>Wakes the pages of this process that watch a row; another portal on the same database is seen by polling.</summary>
internal sealed class RequestSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> waiting = new(StringComparer.Ordinal);

    public Task Of(string request) => waiting.GetOrAdd(request, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Raise(string request)
    {
        if (waiting.TryRemove(request, out var signal))
        {
            signal.TrySetResult();
        }
    }

    public void Forget(string request) => waiting.TryRemove(request, out _);
}
