using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;

namespace PortalApp.Throttle.Failures;

/// <summary>What came of asking whether one more answer may be compared. Closed: the cases below.</summary>
internal abstract record FailureVerdict
{
    private FailureVerdict() { }

    public sealed record Allowed : FailureVerdict;

    /// <summary>Not from there, before <paramref name="Until"/>; from elsewhere it may.</summary>
    public sealed record PlaceLimited(DateTimeOffset Until) : FailureVerdict;

    /// <summary>Not for this person: until a success, from where one is still let try, or until it is lifted.</summary>
    public sealed record PersonLimited : FailureVerdict;
}

/// <summary>
/// The one rule for failures about a person (H9): so many in a row over all that is asked, all flows and all networks, of which strangers
/// use up a part at the most. Knows of no gate, and of no sign-in: whoever compares what somebody typed asks here before, and says when all
/// that is asked for was proved. A name without an account is counted like any other.
/// </summary>
internal sealed class FailureStore(IDbContextFactory<PortalDb> databases, ThrottleStore throttle, Limits limits, TimeProvider clock)
{
    /// <summary>Without a failure for so long the row is forgotten, a name's without an account like any other.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(365);

    /// <inheritdoc cref="TakeAsync(PortalDb, TenantId, string, Caller, Limit?, CancellationToken)"/>
    public Task<FailureVerdict> TakeAsync(PortalDb db, TenantId tenant, string subject, Caller caller, CancellationToken cancellation) =>
        TakeAsync(db, tenant, subject, caller, byMethod: null, cancellation);

    /// <summary>Within the caller's transaction, before the comparison: of parallel callers no more are let through than may be (H11).</summary>
    /// <param name="byMethod">What is bounded besides from one place, of the way in which the person tries.</param>
    public async Task<FailureVerdict> TakeAsync(
        PortalDb db,
        TenantId tenant,
        string subject,
        Caller caller,
        Limit? byMethod,
        CancellationToken cancellation
    )
    {
        var series = await SeriesAsync(db, tenant, subject, cancellation);
        var here = Here(caller, tenant, subject, series);
        foreach (var limit in FromPlace(byMethod))
        {
            if (!await throttle.TakeAsync(db, limit, here, cancellation))
            {
                var until = await throttle.UsedUpUntilAsync(db, limit, here, cancellation);
                return new FailureVerdict.PlaceLimited(until ?? clock.GetUtcNow());
            }
        }

        var (now, stranger) = (clock.GetUtcNow().UtcTicks, IsStranger(caller) ? 1 : 0);
        var counted = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "FailureCount" ("Tenant", "Subject", "Total", "OfStrangers", "Series", "LastAt")
            VALUES ({tenant.Value}, {subject}, 1, {stranger}, 0, {now})
            ON CONFLICT ("Tenant", "Subject") DO UPDATE SET
                "Total" = "FailureCount"."Total" + 1,
                "OfStrangers" = "FailureCount"."OfStrangers" + {stranger},
                "LastAt" = {now}
            WHERE "FailureCount"."Total" < {limits.FailuresInARow}
                AND ({stranger} = 0 OR "FailureCount"."OfStrangers" < {limits.FailuresOfStrangers})
            """,
            cancellation
        );
        return counted == 1 ? new FailureVerdict.Allowed() : new FailureVerdict.PersonLimited();
    }

    /// <summary>The same, and what is bounded besides for that person since the last success.</summary>
    public async Task<bool> TryTakeAsync(
        PortalDb db,
        TenantId tenant,
        string subject,
        Caller caller,
        SharedLimit? own,
        CancellationToken cancellation
    )
    {
        if (await TakeAsync(db, tenant, subject, caller, cancellation) is not FailureVerdict.Allowed)
        {
            return false;
        }

        var series = await SeriesAsync(db, tenant, subject, cancellation);
        foreach (var limit in own?.Of(caller.Familiarity) ?? [])
        {
            if (!await throttle.TakeAsync(db, limit, $"{tenant}/{subject}/{series}", cancellation))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What taking would come to; counts nothing.</summary>
    public async Task<FailureVerdict> LookAsync(
        TenantId tenant,
        string subject,
        Caller caller,
        Limit? byMethod,
        CancellationToken cancellation
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await LookAsync(db, tenant, subject, caller, byMethod, cancellation);
    }

    /// <summary>The same on the caller's connection.</summary>
    public async Task<FailureVerdict> LookAsync(
        PortalDb db,
        TenantId tenant,
        string subject,
        Caller caller,
        Limit? byMethod,
        CancellationToken cancellation
    )
    {
        var held = await Of(db, tenant, subject).AsNoTracking().SingleOrDefaultAsync(cancellation);
        if (held?.Total >= limits.FailuresInARow || (IsStranger(caller) && held?.OfStrangers >= limits.FailuresOfStrangers))
        {
            return new FailureVerdict.PersonLimited();
        }

        var here = Here(caller, tenant, subject, held?.Series ?? 0);
        foreach (var limit in FromPlace(byMethod))
        {
            if (await throttle.UsedUpUntilAsync(db, limit, here, cancellation) is { } until)
            {
                return new FailureVerdict.PlaceLimited(until);
            }
        }

        return new FailureVerdict.Allowed();
    }

    /// <summary>Whether nothing more is compared for the person from where nobody knows them.</summary>
    public async Task<bool> IsUsedUpByStrangersAsync(TenantId tenant, string subject, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await Of(db, tenant, subject)
            .AnyAsync(f => f.OfStrangers >= limits.FailuresOfStrangers || f.Total >= limits.FailuresInARow, cancellation);
    }

    /// <summary>Tells apart what is counted for a person before and after a success or a lift.</summary>
    public static async Task<int> SeriesAsync(PortalDb db, TenantId tenant, string subject, CancellationToken cancellation) =>
        await Of(db, tenant, subject).Select(f => f.Series).SingleOrDefaultAsync(cancellation);

    /// <summary>All that is asked for was proved, or an operator lifts it: the count begins anew, within the caller's transaction.</summary>
    public Task ForgetAsync(PortalDb db, TenantId tenant, string subject, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow().UtcTicks;
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "FailureCount" ("Tenant", "Subject", "Total", "OfStrangers", "Series", "LastAt")
            VALUES ({tenant.Value}, {subject}, 0, 0, 1, {now})
            ON CONFLICT ("Tenant", "Subject") DO UPDATE SET
                "Total" = 0, "OfStrangers" = 0, "Series" = "FailureCount"."Series" + 1, "LastAt" = {now}
            """,
            cancellation
        );
    }

    /// <summary>The same for whoever has something to be forgotten: of any number of callers one gets true.</summary>
    public async Task<bool> LiftAsync(PortalDb db, TenantId tenant, string subject, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return await Of(db, tenant, subject)
                .Where(f => f.Total > 0)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(f => f.Total, 0)
                            .SetProperty(f => f.OfStrangers, 0)
                            .SetProperty(f => f.Series, f => f.Series + 1)
                            .SetProperty(f => f.LastAt, now),
                    cancellation
                ) == 1;
    }

    /// <summary>What is counted for a person within a time begins anew too, unless it did since that series: of any number of callers one gets true.</summary>
    public static async Task<bool> BeginAnewAsync(
        PortalDb db,
        TenantId tenant,
        string subject,
        int series,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "FailureCount" ("Tenant", "Subject", "Total", "OfStrangers", "Series", "LastAt")
            VALUES ({tenant.Value}, {subject}, 0, 0, {series + 1}, {now.UtcTicks})
            ON CONFLICT ("Tenant", "Subject") DO UPDATE SET "Series" = {series + 1}, "LastAt" = {now.UtcTicks}
            WHERE "FailureCount"."Series" = {series}
            """,
            cancellation
        ) == 1;

    private IEnumerable<Limit> FromPlace(Limit? byMethod) =>
        byMethod is null ? [limits.FailuresFromPlace] : [limits.FailuresFromPlace, byMethod];

    private static bool IsStranger(Caller caller) => caller.Familiarity == Familiarity.Stranger;

    private static string Here(Caller caller, TenantId tenant, string subject, int series) => $"{tenant}/{subject}/{series}/{caller.Place}";

    private static IQueryable<FailureCount> Of(PortalDb db, TenantId tenant, string subject) =>
        db.Set<FailureCount>().Where(f => f.Tenant == tenant && f.Subject == subject);
}
