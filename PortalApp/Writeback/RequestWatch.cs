using Portal.Tenants;
using Portal.Writeback;

namespace PortalApp.Writeback;

/// <summary>Waits for a request's outcome; survives a restart, since all it looks at is the row.</summary>
internal sealed class RequestWatch(RequestStore requests, RequestSignals signals, TimeProvider clock)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    /// <summary>Null when the row is still open after that time, or not there.</summary>
    public async Task<WritebackResult?> WaitAsync(TenantId tenant, RequestId id, TimeSpan atMost, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        try
        {
            while (true)
            {
                var signal = signals.Of(id.Value);
                if (await requests.FindAsync(tenant, id, ct) is not { } row)
                {
                    return null;
                }

                if (RequestStore.ResultOf(row) is { } result)
                {
                    return result;
                }

                if (clock.GetElapsedTime(started) >= atMost)
                {
                    return null;
                }

                await Task.WhenAny(signal, Task.Delay(Poll, ct));
            }
        }
        finally
        {
            signals.Forget(id.Value);
        }
    }
}
