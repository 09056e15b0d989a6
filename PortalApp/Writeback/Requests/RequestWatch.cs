using Portal.Tenants;
using Portal.Writeback;

namespace PortalApp.Writeback.Requests;

/// <summary>Waits for a request's outcome; survives a restart, since all it looks at is the row.</summary>
internal sealed class RequestWatch(RequestStore requests, RequestSignals signals, TimeProvider clock)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    /// <summary>Null when the row is still open after that time (zero: looks once), or not there.</summary>
    public async Task<WritebackResult?> WaitAsync(TenantId tenant, RequestId id, TimeSpan atMost, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        using var listener = signals.Listen(id.Value);
        while (true)
        {
            var left = atMost - clock.GetElapsedTime(started);
            if (await requests.FindAsync(tenant, id, cancellation) is not { } row)
            {
                return null;
            }

            if (OutcomeRules.Read(row.Result) is { } result)
            {
                return result;
            }

            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(listener.Raised, Task.Delay(left < Poll ? left : Poll, clock, done.Token));
            await done.CancelAsync();
        }
    }
}
