using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Data;

namespace PortalApp.Writeback;

/// <summary>
/// Ends what nobody else ends: unclaimed at its deadline → not attempted; claimed and silent some seconds longer → unknown, which the agent's
/// evidence may still resolve. Forgets old Health and Check rows.
/// </summary>
internal sealed class RequestSweep(
    IDbContextFactory<PortalDb> databases,
    RequestStore requests,
    TimeProvider clock,
    ILogger<RequestSweep> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepQuestions = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.SweepFailed(e);
            }
        }
    }

    internal async Task SweepAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(ct);
        var late = await db.Set<RequestRow>().AsNoTracking().Where(r => r.EndedAt == null && r.Deadline <= now).Take(200).ToListAsync(ct);
        foreach (var row in late)
        {
            if (row.Attempt is null)
            {
                await requests.EndAsync(row, new WritebackResult.NotAttempted(WritebackReason.NoAgent, null), ct);
            }
            else if (row.Deadline + Silence <= now)
            {
                await requests.EndAsync(row, new WritebackResult.Unknown(WritebackReason.AnswerLost, null), ct);
            }
        }

        var old = now - KeepQuestions;
        await db.Set<RequestRow>()
            .Where(r => (r.Kind == RequestKind.Health || r.Kind == RequestKind.Check) && r.EndedAt < old)
            .ExecuteDeleteAsync(ct);
    }
}
