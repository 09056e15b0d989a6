using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Data;

namespace PortalApp.Writeback.Requests;

/// <summary>
/// Ends what nobody else ends: unclaimed at its deadline, or made before a clock was set back (H87) → not attempted; claimed and silent some seconds longer → unknown, which the agent's
/// evidence may still resolve; a question is over at its deadline, whoever is at it. Tells of ends that nobody was told of.
/// </summary>
internal sealed class RequestSweep(
    IDbContextFactory<PortalDb> databases,
    RequestStore requests,
    EndTelling telling,
    TimeProvider clock,
    ILogger<RequestSweep> logger
) : Sweep(TimeSpan.FromSeconds(1), clock, logger.SweepFailed)
{
    private const int MostAtOnce = 200;

    public override async Task SweepAsync(CancellationToken cancellation)
    {
        var now = Now;
        var silent = now - RequestStore.Silence;
        var landed = now - RequestStore.Landing;
        var soonest = now + RequestStore.ClocksAgree;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var late = await db.Set<Request>()
            .AsNoTracking()
            .Where(r =>
                r.EndedAt == null
                && (
                    ((r.Attempt == null || r.Kind == RequestKind.Verify) && (r.Deadline <= now || r.Issued > soonest))
                    || (r.Attempt != null && r.Deadline <= silent)
                )
            )
            .OrderBy(r => r.Deadline)
            .Take(MostAtOnce)
            .ToListAsync(cancellation);
        foreach (var row in late)
        {
            WritebackResult end =
                row.Attempt is null || row.Kind == RequestKind.Verify
                    ? new WritebackResult.NotAttempted(WritebackReason.NoAgent, null)
                    : new WritebackResult.Unknown(WritebackReason.AnswerLost, null);
            await requests.EndAsync(row, end, cancellation);
        }

        await db.Set<Request>()
            .Where(r => r.Open && r.EndedAt != null && r.Deadline <= landed)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Open, false), cancellation);
        await telling.TellOverdueAsync(cancellation);
    }
}
