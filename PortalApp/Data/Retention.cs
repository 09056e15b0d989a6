using Microsoft.EntityFrameworkCore;

namespace PortalApp.Data;

/// <summary>What a slice keeps and for how long; a line of docs/retention.md, and of <see cref="RetentionSweep"/>'s work.</summary>
/// <param name="What">Such as "Enrolment codes".</param>
/// <param name="Since">The moment from which <paramref name="Keep"/> counts, such as "they expired".</param>
/// <param name="DeleteAsync">Deletes <see cref="AtOnce"/> rows at the most of those whose moment lies before; answers how many.</param>
internal sealed record Retention(
    string What,
    string Since,
    TimeSpan Keep,
    Func<PortalDb, DateTimeOffset, CancellationToken, Task<int>> DeleteAsync
)
{
    /// <summary>One statement holds up the other writers, so none deletes more.</summary>
    public const int AtOnce = 500;

    /// <param name="old">Those whose moment lies before, oldest first.</param>
    public static Retention Of<T>(string what, string since, TimeSpan keep, Func<PortalDb, DateTimeOffset, IQueryable<T>> old)
        where T : class =>
        new(what, since, keep, (db, before, cancellation) => old(db, before).Take(AtOnce).ExecuteDeleteAsync(cancellation));
}
