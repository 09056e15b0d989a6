namespace PortalApp.Writeback.Requests;

/// <summary>Wakes the pages of this process that watch a row; another portal on the same database is seen by polling.</summary>
internal sealed class RequestSignals
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<RequestListener>> listening = new(StringComparer.Ordinal);

    public RequestListener Listen(string request)
    {
        var listener = new RequestListener(this, request);
        lock (gate)
        {
            if (!listening.TryGetValue(request, out var all))
            {
                listening[request] = all = [];
            }

            all.Add(listener);
        }

        return listener;
    }

    public void Raise(string request)
    {
        lock (gate)
        {
            if (listening.TryGetValue(request, out var all))
            {
                all.ForEach(l => l.Wake());
            }
        }
    }

    internal void Forget(RequestListener listener)
    {
        lock (gate)
        {
            if (listening.TryGetValue(listener.Request, out var all) && all.Remove(listener) && all.Count == 0)
            {
                listening.Remove(listener.Request);
            }
        }
    }
}

/// <summary>One page that waits for one request.</summary>
internal sealed class RequestListener(RequestSignals signals, string request) : IDisposable
{
    private readonly TaskCompletionSource raised = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Request => request;

    public Task Raised => raised.Task;

    public void Wake() => raised.TrySetResult();

    public void Dispose() => signals.Forget(this);
}
