using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;

namespace PortalApp.Writeback.Requests;

/// <summary>
/// Tells the use cases that a request ended. The row says who is still to be told, so that a portal that dies in between, or a use case that
/// fails, makes it late and never lost (H83, H113); of two portals one tells.
/// </summary>
internal sealed class EndTelling(
    IDbContextFactory<PortalDb> databases,
    IEnumerable<RequestEnded> useCases,
    TimeProvider clock,
    ILogger<EndTelling> logger
)
{
    /// <summary>How long one teller has before another may think it dead.</summary>
    public static readonly TimeSpan Turn = TimeSpan.FromSeconds(30);

    /// <summary>After it an end is old news, and a use case that fails each time is given up.</summary>
    private static readonly TimeSpan GivenUp = TimeSpan.FromDays(1);

    private const int MostAtOnce = 200;

    /// <summary>Those that a crash or a failure left untold.</summary>
    public async Task TellOverdueAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var oldest = now - GivenUp;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var untold = await db.Set<Request>()
            .Where(r => r.TellAt <= now && (r.ResolvedAt ?? r.EndedAt) > oldest)
            .OrderBy(r => r.TellAt)
            .Select(r => new { r.Tenant, r.Id })
            .Take(MostAtOnce)
            .ToListAsync(cancellation);
        foreach (var end in untold)
        {
            if (await TakeTurnAsync(end.Tenant, end.Id, cancellation) is { } row)
            {
                await TellAsync(row, cancellation);
            }
        }
    }

    /// <summary>Never throws for what a use case does: a kept outcome must not look like a lost one.</summary>
    /// <param name="row">As it stands, with this teller's turn in <see cref="Request.TellAt"/>.</param>
    public async Task TellAsync(Request row, CancellationToken cancellation)
    {
        if (await TellAllAsync(row, cancellation))
        {
            DateTimeOffset? told = null;
            await using var db = await databases.CreateDbContextAsync(cancellation);
            await db.RelaxAsync(cancellation);
            await db.Set<Request>()
                .Where(r => r.Id == row.Id && r.Tenant == row.Tenant && r.TellAt == row.TellAt)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.TellAt, told), cancellation);
        }
    }

    /// <summary>Null when another teller was faster.</summary>
    private async Task<Request?> TakeTurnAsync(TenantId tenant, string id, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset? turn = now + Turn;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.RelaxAsync(cancellation);
        var mine = await db.Set<Request>()
            .Where(r => r.Id == id && r.Tenant == tenant && r.TellAt <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.TellAt, turn), cancellation);
        return mine == 0 ? null : await db.Set<Request>().AsNoTracking().SingleAsync(r => r.Id == id && r.Tenant == tenant, cancellation);
    }

    private async Task<bool> TellAllAsync(Request row, CancellationToken cancellation)
    {
        var result = OutcomeRules.Read(row.Result)!;
        var all = true;
        foreach (var tell in useCases)
        {
            try
            {
                await tell(row, result, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                logger.TellingFailed(row.Id, e);
                all = false;
            }
        }

        return all;
    }
}
