using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;

namespace PortalApp.Audit.Tallies;

/// <summary>Counts what happens, and tells how often it did.</summary>
internal sealed class TallyStore(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <summary>So that a month can be held against the same one of the year before.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(800);

    public async Task CountAsync(TenantId tenant, TallyKind kind, string of, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.RelaxAsync(cancellation);
        await CountAsync(db, tenant, kind, of, cancellation);
    }

    /// <summary>Within the caller's transaction.</summary>
    public Task CountAsync(PortalDb db, TenantId tenant, TallyKind kind, string of, CancellationToken cancellation)
    {
        var day = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).DayNumber;
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "DailyTally" ("Tenant", "Day", "Kind", "Of", "Count")
            VALUES ({tenant.Value}, {day}, {(int)kind}, {of}, 1)
            ON CONFLICT ("Tenant", "Day", "Kind", "Of") DO UPDATE SET "Count" = "DailyTally"."Count" + 1
            """,
            cancellation
        );
    }

    public async Task<IReadOnlyList<DailyTally>> OfAsync(TenantId tenant, DateOnly from, DateOnly until, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var (first, last) = (from.DayNumber, until.DayNumber);
        return await db.Set<DailyTally>()
            .AsNoTracking()
            .Where(t => t.Tenant == tenant && t.Day >= first && t.Day <= last)
            .OrderBy(t => t.Day)
            .ThenBy(t => t.Kind)
            .ThenBy(t => t.Of)
            .ToListAsync(cancellation);
    }

    public static Retention Retention { get; } =
        Retention.Of(
            "Counts of a day, of nobody",
            "that day",
            Kept,
            (db, before) =>
            {
                var day = DateOnly.FromDateTime(before.UtcDateTime).DayNumber;
                return db.Set<DailyTally>().Where(t => t.Day < day).OrderBy(t => t.Day);
            }
        );
}
