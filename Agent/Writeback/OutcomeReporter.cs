using System.Collections.Concurrent;
using Agent.Portal;
using Agent.Store;
using Microsoft.Extensions.Logging;
using Portal.Agents;
using Portal.Writeback;

namespace Agent.Writeback;

/// <summary>Sends outcomes until the portal has them, whatever becomes of the connection, and then says so in the journal.</summary>
internal sealed class OutcomeReporter(PortalClient portal, Journal journal, TimeProvider clock, ILogger<OutcomeReporter> logger)
    : IAsyncDisposable
{
    private const int Together = 16;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<RequestId, Sending> sending = new();
    private readonly SemaphoreSlim turns = new(Together);
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Takes an outcome that is in the journal; the last one handed over for a request is the one that is sent.</summary>
    /// <param name="attempt">Of the claim; null after a restart.</param>
    public void Hand(RequestId id, string? attempt, WritebackResult result) => Hand(new(id.Value, attempt, result), until: null);

    /// <summary>Takes an answer that is worth nothing after the request's life and stands in no journal.</summary>
    public void Hand(RequestId id, WritebackResult answer, TimeSpan life) => Hand(new(id.Value, null, answer), clock.GetUtcNow() + life);

    /// <summary>The portal is back: nobody waits for the next try.</summary>
    public void Nudge()
    {
        foreach (var one in sending.Values)
        {
            one.Nudge();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(sending.Values.Select(one => one.Loop));
        stopping.Dispose();
        turns.Dispose();
    }

    private void Hand(OutcomeRequest outcome, DateTimeOffset? until)
    {
        var id = new RequestId(outcome.Request);
        var mine = new Sending(outcome);
        if (sending.TryGetValue(id, out var earlier) && earlier.Outcome.Result == outcome.Result)
        {
            earlier.Nudge();
            return;
        }

        sending[id] = mine;
        mine.Loop = Task.Run(() => SendAsync(id, mine, until));
    }

    private async Task SendAsync(RequestId id, Sending mine, DateTimeOffset? until)
    {
        try
        {
            for (var pause = FirstPause; IsWanted(); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                if (await SendOnceAsync(mine.Outcome))
                {
                    if (until is null && IsWanted())
                    {
                        await journal.MarkReportedAsync(id);
                    }

                    logger.Reported(id.Value);
                    return;
                }

                await mine.WaitAsync(pause, clock, stopping.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The journal knows that it is unreported; the next start sends it.
        }
        catch (Exception e)
        {
            logger.Fault(id.Value, e);
        }
        finally
        {
            sending.TryRemove(new(id, mine));
        }

        bool IsWanted() => sending.TryGetValue(id, out var latest) && latest == mine && !(clock.GetUtcNow() > until);
    }

    private async Task<bool> SendOnceAsync(OutcomeRequest outcome)
    {
        await turns.WaitAsync(stopping.Token);
        try
        {
            return await portal.ReportAsync(outcome, stopping.Token);
        }
        finally
        {
            turns.Release();
        }
    }

    private sealed class Sending(OutcomeRequest outcome)
    {
        private TaskCompletionSource nudged = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public OutcomeRequest Outcome => outcome;

        public Task Loop { get; set; } = Task.CompletedTask;

        public void Nudge() => nudged.TrySetResult();

        public async Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken cancellation)
        {
            await Task.WhenAny(nudged.Task, Task.Delay(atMost, clock, cancellation));
            cancellation.ThrowIfCancellationRequested();
            if (nudged.Task.IsCompleted)
            {
                nudged = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
