using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Data;

namespace PortalApp.Writeback.Requests;

/// <summary>
/// Ends what nobody else ends: unclaimed at its deadline → not attempted; claimed and silent some seconds longer → unknown, which the agent's
/// evidence may still resolve. Tells of ends that nobody was told of, and forgets old Health and Check rows.
/// </summary>
internal sealed class RequestSweep(
    IDbContextFactory<PortalDb> databases,
    RequestStore requests,
    EndTelling telling,
    TimeProvider clock,
    ILogger<RequestSweep> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeepQuestions = TimeSpan.FromHours(1);
    private const int MostAtOnce = 200;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.SweepFailed(e);
            }
        }
    }

    internal async Task SweepAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var silent = now - RequestStore.Silence;
        var landed = now - RequestStore.Landing;
        await using var db = await databases.CreateDbContextAsync(ct);
        var late = await db.Set<RequestRow>()
            .AsNoTracking()
            .Where(r => r.EndedAt == null && r.Deadline <= now && (r.Attempt == null || r.Deadline <= silent))
            .OrderBy(r => r.Deadline)
            .Take(MostAtOnce)
            .ToListAsync(ct);
        foreach (var row in late)
        {
            WritebackResult end = row.Attempt is null
                ? new WritebackResult.NotAttempted(WritebackReason.NoAgent, null)
                : new WritebackResult.Unknown(WritebackReason.AnswerLost, null);
            await requests.EndAsync(row, end, ct);
        }

        await db.Set<RequestRow>()
            .Where(r => r.Open && r.EndedAt != null && r.Deadline <= landed)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Open, false), ct);
        await telling.TellOverdueAsync(ct);

        var old = now - KeepQuestions;
        await db.Set<RequestRow>()
            .Where(r => (r.Kind == RequestKind.Health || r.Kind == RequestKind.Check) && r.EndedAt < old)
            .ExecuteDeleteAsync(ct);
    }
}
