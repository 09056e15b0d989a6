using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Audit;

internal static class Changes
{
    private const int Tries = 3;

    /// <summary>
    /// Carries out one change, or several that belong together, with their audit: all of it or, unless it ends as done, nothing. Of two who
    /// change the same at once the second is let look again, and so is told by its own change what stands there now.
    /// </summary>
    /// <param name="change">Writes to the context and leaves saving to this; may be called more than once.</param>
    public static async Task<ChangeOutcome<T>> ChangeAsync<T>(
        this IDbContextFactory<PortalDb> databases,
        Func<PortalDb, Task<ChangeOutcome<T>>> change,
        CancellationToken cancellation
    )
    {
        for (var tried = 1; ; tried++)
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            await using var all = await db.Database.BeginTransactionAsync(cancellation);
            try
            {
                var outcome = await change(db);
                if (outcome is ChangeOutcome<T>.Done)
                {
                    await db.SaveChangesAsync(cancellation);
                    await all.CommitAsync(cancellation);
                }

                return outcome;
            }
            catch (DbUpdateException) when (tried < Tries)
            {
                // A number, a name or a revision was taken meanwhile.
            }
        }
    }
}
