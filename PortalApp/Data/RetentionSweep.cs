using Microsoft.EntityFrameworkCore;

namespace PortalApp.Data;

/// <summary>Deletes what each slice has kept for long enough. One that fails stops no other, and is tried again the next time.</summary>
internal sealed class RetentionSweep(
    IEnumerable<Retention> kept,
    IDbContextFactory<PortalDb> databases,
    TimeProvider clock,
    ILogger<RetentionSweep> logger
) : Sweep(TimeSpan.FromMinutes(1), clock, failure => logger.NotDeleted("rows", failure))
{
    /// <summary>What is left after so many statements waits for the next time.</summary>
    private const int Statements = 20;

    public override async Task SweepAsync(CancellationToken cancellation)
    {
        foreach (var retention in kept)
        {
            try
            {
                await DeleteAsync(retention, cancellation);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                logger.NotDeleted(retention.What, failure);
            }
        }
    }

    private async Task DeleteAsync(Retention retention, CancellationToken cancellation)
    {
        var before = Now - retention.Keep;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.RelaxAsync(cancellation);
        for (var n = 0; n < Statements && await retention.DeleteAsync(db, before, cancellation) >= Retention.AtOnce; n++) { }
    }
}
