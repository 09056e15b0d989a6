using System.Collections.Concurrent;
using System.Diagnostics;
using Agent.Portal;
using Agent.Store;
using Microsoft.Extensions.Logging;
using Portal.Agents;
using Portal.Writeback;

namespace Agent.Writeback;

/// <summary>
/// Brings what a cut left open to its end: outcomes that the portal does not have, intents without an outcome, and requests that the portal asks for.
/// Nothing here ever writes to a directory.
/// </summary>
internal sealed class Recovery(
    Journal journal,
    Flights flights,
    AccountTurns turns,
    Evidence evidence,
    OutcomeReporter reporter,
    PortalClient portal,
    TimeProvider clock,
    ILogger<Recovery> logger
) : IAsyncDisposable
{
    /// <summary>Evidence older than this is not looked for at a restart; an administrator has long decided.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<RequestId, Task> looking = new();
    private readonly CancellationTokenSource stopping = new();

    /// <summary>At the start, before the first request is taken, and at each reconnection to the portal. Does not wait for evidence.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        reporter.Nudge();
        foreach (var entry in journal.Unreported())
        {
            reporter.Hand(entry.Id, null, entry.Result!);
        }

        foreach (var entry in journal.Unresolved(clock.GetUtcNow() - Memory).Where(entry => !flights.Contains(entry.Id)))
        {
            LookInto(entry.Intent!);
        }

        if (await portal.PendingAsync(cancellation) is not { } pending)
        {
            return;
        }

        if (!journal.IsIntact && pending.Requests.Count > 0)
        {
            logger.JournalLost();
        }

        foreach (var grant in pending.Requests)
        {
            await AnswerAsync(new RequestId(grant.Request), grant.AttemptHash);
        }

        if (!journal.IsIntact)
        {
            await journal.MarkIntactAsync();
        }

        await journal.TidyAsync();
    }

    /// <summary>Asks the directory's count until it tells, or an hour has passed; the first answer, known or not, is reported.</summary>
    public void LookInto(Intent intent)
    {
        var started = new TaskCompletionSource<Task>();
        if (looking.TryAdd(intent.Id, started.Task.Unwrap()))
        {
            started.SetResult(Task.Run(() => LookAsync(intent)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(looking.Values);
        stopping.Dispose();
    }

    private async Task AnswerAsync(RequestId id, string attemptHash)
    {
        // In flight is asked first: one that ends in between is then found in the journal.
        var inFlight = flights.Contains(id);
        switch (RecoveryDecision.For(inFlight, journal.Find(id), journal.HasClaimed(id, attemptHash), journal.IsIntact))
        {
            case RecoveryDecision.Wait:
                break;
            case RecoveryDecision.Foreign:
                logger.Foreign(id.Value);
                await portal.AlarmAsync(
                    new(AlarmKind.Copy, $"Request {id} was granted to this agent's keys, and this agent did not ask for it."),
                    stopping.Token
                );
                break;
            case RecoveryDecision.LookInto(var intent):
                LookInto(intent);
                break;
            case RecoveryDecision.Report(var result):
                await journal.EndAsync(id, result);
                reporter.Hand(id, null, journal.Find(id)?.Result ?? result);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private async Task LookAsync(Intent intent)
    {
        try
        {
            var begun = clock.GetTimestamp();
            using (await turns.TakeAsync(intent.ObjectGuid, stopping.Token))
            {
                if (await EndAsync(intent, orUnknown: true))
                {
                    return;
                }
            }

            while (clock.GetElapsedTime(begun) < Longest)
            {
                await Task.Delay(Pause, clock, stopping.Token);
                if (await EndAsync(intent, orUnknown: false))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next start looks again.
        }
        catch (Exception e)
        {
            logger.Fault(intent.Id.Value, e);
        }
        finally
        {
            looking.TryRemove(intent.Id, out _);
        }
    }

    private async Task<bool> EndAsync(Intent intent, bool orUnknown)
    {
        var known = await evidence.ResolveAsync(intent, stopping.Token);
        var result =
            known ?? (orUnknown ? new WritebackResult.Unknown(WritebackReason.AnswerLost, "The directory's count does not tell.") : null);
        if (result is not null && await journal.EndAsync(intent.Id, result))
        {
            logger.Ended(intent.Id.Value, "after a cut", result.GetType().Name);
            reporter.Hand(intent.Id, null, result);
        }

        return known is not null || journal.HasLater(intent);
    }
}
