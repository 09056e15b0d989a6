using Agent.Portal;
using Agent.Status;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Agent.DirectorySync;

/// <summary>A run at the start, then one at each interval; sooner after one that failed.</summary>
internal sealed class SyncTimer(
    SyncRun sync,
    PortalGreeting greeting,
    StandingReport report,
    AgentOptions options,
    AgentStatus status,
    TimeProvider clock,
    ILogger<SyncTimer> logger
) : BackgroundService
{
    /// <summary>While a drop waits: how soon the portal is asked again whether an administrator let it go.</summary>
    private static readonly TimeSpan WordInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WholeInterval = TimeSpan.FromHours(6);
    private static readonly TimeSpan RefusedInterval = TimeSpan.FromMinutes(15);

    private DateTimeOffset? whole;
    private DateTimeOffset? refused;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = TimeSpan.FromSeconds(options.Sync.IntervalSeconds);
        var retry = FirstRetry;
        while (true)
        {
            var completed = await RunAsync(stoppingToken);
            GiveMemoryBack();
            retry = completed ? FirstRetry : Shorter(retry * 2, interval);
            await RestAsync(completed ? interval : Shorter(retry, interval), stoppingToken);
        }
    }

    /// <summary>Until the next run, or until a drop that waits was let go.</summary>
    private async Task RestAsync(TimeSpan rest, CancellationToken cancellation)
    {
        var from = clock.GetTimestamp();
        while (true)
        {
            var (waits, released) = await TellAsync(cancellation);
            var left = rest - clock.GetElapsedTime(from);
            if (released || left <= TimeSpan.Zero)
            {
                return;
            }

            if (!waits)
            {
                await Task.Delay(left, clock, cancellation);
                return;
            }

            await Task.Delay(Shorter(left, WordInterval), clock, cancellation);
        }
    }

    private async Task<(bool Waits, bool Released)> TellAsync(CancellationToken cancellation)
    {
        try
        {
            return await report.TellAsync(cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            logger.NotTold(e);
            return (false, false);
        }
    }

    /// <summary>What a run over a whole forest took is of no use until the next one.</summary>
    private static void GiveMemoryBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var scope = ScopeAt(now);
        try
        {
            var outcome = await sync.RunAsync(scope, cancellation);
            Tell(outcome, scope, now);
            return outcome is SyncOutcome.Completed;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            logger.RunBroke(e);
            status.SyncFailed($"the run broke: {e.Message}");
            return false;
        }
    }

    private ExportScope ScopeAt(DateTimeOffset now) =>
        whole is null || now - whole >= WholeInterval ? ExportScope.Whole
        : refused is null || now - refused >= RefusedInterval ? ExportScope.ChangedAndRefused
        : ExportScope.Changed;

    private void Tell(SyncOutcome outcome, ExportScope scope, DateTimeOffset now)
    {
        switch (outcome)
        {
            case SyncOutcome.Completed(var imported, var exported):
                whole = scope == ExportScope.Whole ? now : whole;
                refused = scope == ExportScope.Changed ? refused : now;
                logger.Completed(
                    imported.Accounts,
                    imported.Joined,
                    imported.Disabled,
                    imported.Unusable,
                    imported.Gone,
                    exported.Confirmed,
                    exported.Refused
                );
                status.SyncCompleted(now, WordsOf(imported));
                greeting.Nudge();
                break;
            case SyncOutcome.NotImported(var why):
                logger.NotImported(why);
                status.SyncFailed($"the directory was not read whole: {why}");
                break;
            case SyncOutcome.NotExported:
                logger.NotExported();
                status.SyncFailed("the portal was not reached; the export goes on where it was");
                break;
        }
    }

    private static string? WordsOf(ImportCounts imported) =>
        string.Join("; ", new[] { imported.Kept, imported.OfGroups }.Where(words => !string.IsNullOrEmpty(words))) is { Length: > 0 } all
            ? all
            : null;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
