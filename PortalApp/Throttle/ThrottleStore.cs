using Microsoft.EntityFrameworkCore;
using PortalApp.Data;
using PortalApp.Secrets;

namespace PortalApp.Throttle;

/// <summary>
/// Counts against limits, in the database: exact under parallel calls, one count for all portals, kept over a restart (H11, H12, H18).
/// A window slides in sixtieths: what was taken in one is forgotten once it lies wholly behind the window. So no span of the window's length
/// ever holds more than the limit, and a taker waits a sixtieth longer than the window at the most.
/// </summary>
internal sealed class ThrottleStore(IDbContextFactory<PortalDb> databases, PortalKeys keys, TimeProvider clock)
{
    private const int Slices = 60;

    /// <summary>True and counted, or false and nothing changed.</summary>
    /// <param name="whom">Who is counted; kept as a keyed hash.</param>
    public async Task<bool> TakeAsync(Limit limit, string whom, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await TakeAsync(db, limit, whom, cancellation);
    }

    /// <summary>For a network and those around it: counted for all of them, or for none.</summary>
    public async Task<bool> TakeAsync(Limit limit, NetworkPrefix network, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        foreach (var (part, counted) in limit.Of(network))
        {
            if (!await TakeAsync(db, part, counted.Value, cancellation))
            {
                return false;
            }
        }

        await all.CommitAsync(cancellation);
        return true;
    }

    /// <summary>As the first, within the caller's transaction: undone with it.</summary>
    public async Task<bool> TakeAsync(PortalDb db, Limit limit, string whom, CancellationToken cancellation)
    {
        var key = Key(limit, whom);
        var now = clock.GetUtcNow().UtcTicks;
        var slice = now - (now % SliceOf(limit));
        var behind = now - limit.Window.Ticks - SliceOf(limit);
        var ends = slice + limit.Window.Ticks + SliceOf(limit);

        return await db.ExecuteAloneAsync(
                key,
                $"""
                INSERT INTO "ThrottleCount" ("Bucket", "Window", "Count", "Ends")
                SELECT {key}, {slice}, 1, {ends}
                WHERE (SELECT COALESCE(SUM("Count"), 0) FROM "ThrottleCount" WHERE "Bucket" = {key} AND "Window" > {behind}) < {limit.Most}
                ON CONFLICT ("Bucket", "Window") DO UPDATE SET "Count" = "ThrottleCount"."Count" + 1
                """,
                cancellation
            ) == 1;
    }

    /// <summary>Within the caller's transaction: what was taken for a network just before that instant counts no more.</summary>
    public async Task GiveBackAsync(
        PortalDb db,
        Limit limit,
        NetworkPrefix network,
        DateTimeOffset takenBefore,
        CancellationToken cancellation
    )
    {
        await GiveBackAsync(db, limit.Of(network).Select(part => Key(part.Limit, part.Network.Value)), takenBefore, cancellation);
    }

    /// <inheritdoc cref="GiveBackAsync(PortalDb, Limit, NetworkPrefix, DateTimeOffset, CancellationToken)"/>
    /// <param name="buckets">By <see cref="Key"/>, in the order in which they were taken.</param>
    public static async Task GiveBackAsync(
        PortalDb db,
        IEnumerable<string> buckets,
        DateTimeOffset takenBefore,
        CancellationToken cancellation
    )
    {
        foreach (var key in buckets)
        {
            var counts = db.Set<ThrottleCount>().Where(t => t.Bucket == key && t.Count > 0);
            await counts
                .Where(t => t.Window == counts.Where(c => c.Window <= takenBefore).Max(c => c.Window))
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.Count, t => t.Count - 1), cancellation);
        }
    }

    /// <summary>As <see cref="FreeAtAsync(Limit, string, CancellationToken)"/>, for a network and those around it.</summary>
    public async Task<DateTimeOffset> FreeAtAsync(Limit limit, NetworkPrefix network, CancellationToken cancellation)
    {
        var latest = clock.GetUtcNow();
        foreach (var (part, counted) in limit.Of(network))
        {
            var free = await FreeAtAsync(part, counted.Value, cancellation);
            latest = free > latest ? free : latest;
        }

        return latest;
    }

    /// <summary>The instant from which one more can be taken, if nobody else takes it; now or earlier when it can be taken already.</summary>
    public Task<DateTimeOffset> FreeAtAsync(Limit limit, string whom, CancellationToken cancellation) =>
        FreeAtAsync(limit, whom, clock.GetUtcNow(), cancellation);

    /// <summary>As <see cref="FreeAtAsync(Limit, string, CancellationToken)"/>; null when one more can be taken at this moment.</summary>
    public async Task<DateTimeOffset?> UsedUpUntilAsync(Limit limit, string whom, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var free = await FreeAtAsync(limit, whom, now, cancellation);
        return free > now ? free : null;
    }

    /// <summary>The same on the caller's connection: whoever holds one in a transaction must not wait for another.</summary>
    public async Task<DateTimeOffset?> UsedUpUntilAsync(PortalDb db, Limit limit, string whom, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var free = await FreeAtAsync(db, limit, whom, now, cancellation);
        return free > now ? free : null;
    }

    private async Task<DateTimeOffset> FreeAtAsync(Limit limit, string whom, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await FreeAtAsync(db, limit, whom, now, cancellation);
    }

    private async Task<DateTimeOffset> FreeAtAsync(
        PortalDb db,
        Limit limit,
        string whom,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var key = Key(limit, whom);
        var reach = limit.Window + TimeSpan.FromTicks(SliceOf(limit));
        var behind = now - reach;
        var counts = await db.Set<ThrottleCount>()
            .AsNoTracking()
            .Where(t => t.Bucket == key && t.Window > behind)
            .OrderBy(t => t.Window)
            .ToListAsync(cancellation);
        var held = counts.Sum(t => t.Count);
        var free = now;
        foreach (var oldest in counts.TakeWhile(_ => held >= limit.Most))
        {
            held -= oldest.Count;
            free = oldest.Window + reach;
        }

        return free;
    }

    private static long SliceOf(Limit limit) => limit.Window.Ticks / Slices;

    /// <summary>The bucket in which something is counted; says nothing of whom it is counted for.</summary>
    public string Key(Limit limit, string whom) => Convert.ToHexStringLower(FieldMac.Of(keys.Throttle, limit.Name, whom));
}
