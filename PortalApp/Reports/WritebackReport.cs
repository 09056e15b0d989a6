using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Data;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.Reports;

/// <summary>What agents were asked to write, what came of it, and how long it took.</summary>
internal sealed class WritebackReport(IDbContextFactory<PortalDb> databases) : Report
{
    private const int AnyReason = -1;

    private static readonly RequestKind[] Writing =
    [
        RequestKind.Reset,
        RequestKind.Change,
        RequestKind.Unlock,
        RequestKind.AdministratorReset,
    ];

    private static readonly (string Key, RequestOutcome Outcome)[] Series =
    [
        ("EndDone", RequestOutcome.Applied),
        ("EndFailed", RequestOutcome.Rejected),
        ("EndNotAttempted", RequestOutcome.NotAttempted),
        ("EndUnknown", RequestOutcome.Unknown),
    ];

    public override string Name => "writeback";

    public override IReadOnlyList<ReportColumn> Columns =>
        [
            new("ColumnPerson"),
            new("ColumnWhat"),
            new("ColumnEnded"),
            new("ColumnTrace"),
            new("ColumnTook", IsNumber: true),
            new("ColumnWhen", IsNumber: true),
        ];

    public override async Task<ReportShown> ShowAsync(TenantId tenant, ReportQuery query, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var ends = await CountAsync(db, tenant, query, cancellation);
        var (p50, p95) = await TookAsync(db, tenant, query, cancellation);
        var (begins, until) = (query.Begins, query.Ends);
        var all = ends.Sum(e => e.Count);
        return new(
            new("LeadWriteback", ends.Where(e => e.Outcome == RequestOutcome.Applied).Sum(e => e.Count), all),
            BarCounts.Chart(
                query,
                "ChartWriteback",
                [.. Series.Select(s => s.Key)],
                [
                    .. Series.Select(s =>
                        new[] { BarCounts.OfDays(query, ends.Where(e => e.Outcome == s.Outcome).Select(e => (e.OfDay, e.Count))) }
                    ),
                ]
            ),
            [
                new(
                    "TableTook",
                    [new("ColumnWhat"), new("ColumnCount", IsNumber: true)],
                    [
                        new([new Cell.Said("TookHalf"), new Cell.Took(p50)]),
                        new([new Cell.Said("TookMost"), new Cell.Took(p95)]),
                        new([
                            new Cell.Said("UnknownOpen"),
                            new Cell.Number(
                                await Of(db, tenant)
                                    .CountAsync(r => r.Outcome == RequestOutcome.Unknown && r.ResolvedAt == null, cancellation)
                            ),
                        ]),
                        new([
                            new Cell.Said("UnknownResolved"),
                            new Cell.Number(
                                await Of(db, tenant).CountAsync(r => r.ResolvedAt >= begins && r.ResolvedAt < until, cancellation)
                            ),
                        ]),
                    ]
                ),
                ReasonsOf(ends, all),
            ],
            all
        );
    }

    public override async IAsyncEnumerable<IReadOnlyList<Cell>> RowsAsync(
        TenantId tenant,
        ReportQuery query,
        RowWindow window,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var found =
            from r in Ended(db, tenant, query).OrderByDescending(r => r.EndedAt)
            join u in db.Set<User>() on r.Anchor equals u.Id into us
            from u in us.DefaultIfEmpty()
            orderby r.EndedAt descending
            select new
            {
                r.Kind,
                r.Outcome,
                r.Reason,
                r.Trace,
                r.Issued,
                r.EndedAt,
                Id = u == null ? null : u.Id,
                Name = u == null ? null : u.DisplayName ?? u.UserPrincipalName,
            };
        var page = window.Take is { } take ? found.Skip(window.Skip).Take(take) : found;
        await foreach (var one in page.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return
            [
                new Cell.Person(one.Id, one.Name),
                new Cell.Said($"Kind{one.Kind}"),
                new Cell.Ended($"{one.Outcome}", $"{one.Reason}"),
                new Cell.Trace(one.Trace),
                new Cell.Took(one.EndedAt - one.Issued),
                new Cell.At(one.EndedAt),
            ];
        }
    }

    private static ReportTable ReasonsOf(IReadOnlyList<EndCount> ends, long all) =>
        new(
            "TableReasons",
            [new("ColumnReason"), new("ColumnCount", IsNumber: true), new("ColumnShare", IsNumber: true)],
            [
                .. ends.Where(e => e.Outcome != RequestOutcome.Applied)
                    .GroupBy(e => (e.Outcome, e.Reason))
                    .Select(g => (g.Key, Count: g.Sum(e => e.Count)))
                    .OrderByDescending(g => g.Count)
                    .Select(g => new ReportLine(
                        [new Cell.Ended($"{g.Key.Outcome}", $"{g.Key.Reason}"), new Cell.Number(g.Count), new Cell.Share(g.Count, all)],
                        $"{g.Key.Reason}"
                    )),
            ]
        );

    private static IQueryable<Request> Of(PortalDb db, TenantId tenant) =>
        db.Set<Request>().AsNoTracking().Where(r => r.Tenant == tenant && Writing.Contains(r.Kind) && r.Connector != null);

    private static IQueryable<Request> Ended(PortalDb db, TenantId tenant, ReportQuery query)
    {
        DateTimeOffset? begins = query.Begins;
        DateTimeOffset? ends = query.Ends;
        var ended = Of(db, tenant).Where(r => r.EndedAt >= begins && r.EndedAt < ends);
        return Enum.TryParse<WritebackReason>(query.Why, out var why) ? ended.Where(r => r.Reason == why) : ended;
    }

    private static async Task<IReadOnlyList<EndCount>> CountAsync(
        PortalDb db,
        TenantId tenant,
        ReportQuery query,
        CancellationToken cancellation
    )
    {
        var why = Enum.TryParse<WritebackReason>(query.Why, out var reason) ? (int)reason : AnyReason;
        var counted = await db
            .Database.SqlQuery<Counted>(
                $"""
                SELECT "EndedAt" / {TimeSpan.TicksPerDay} AS "Day", "Outcome", "Reason", COUNT(*) AS "Count" FROM "Request"
                WHERE "Tenant" = {tenant.Value} AND "Kind" IN (2, 3, 4, 5) AND "Connector" IS NOT NULL
                    AND "EndedAt" >= {query.Begins.UtcTicks} AND "EndedAt" < {query.Ends.UtcTicks}
                    AND ({why} = {AnyReason} OR "Reason" = {why})
                GROUP BY 1, 2, 3
                """
            )
            .ToListAsync(cancellation);
        return
        [
            .. counted.Select(c => new EndCount(
                DateOnly.FromDayNumber((int)c.Day),
                (RequestOutcome)c.Outcome,
                (WritebackReason)(c.Reason ?? 0),
                c.Count
            )),
        ];
    }

    /// <summary>Within which half of the answered requests ended, and 95 of 100; null where none did.</summary>
    private static async Task<(TimeSpan? Half, TimeSpan? Most)> TookAsync(
        PortalDb db,
        TenantId tenant,
        ReportQuery query,
        CancellationToken cancellation
    )
    {
        var took = await db
            .Database.SqlQuery<long>(
                $"""
                SELECT t."Took" AS "Value" FROM (
                    SELECT "EndedAt" - "Issued" AS "Took", ROW_NUMBER() OVER (ORDER BY "EndedAt" - "Issued") AS "Place", COUNT(*) OVER () AS "All"
                    FROM "Request"
                    WHERE "Tenant" = {tenant.Value} AND "Kind" IN (2, 3, 4, 5) AND "Connector" IS NOT NULL AND "Outcome" IN (1, 2)
                        AND "ResolvedAt" IS NULL AND "EndedAt" >= {query.Begins.UtcTicks} AND "EndedAt" < {query.Ends.UtcTicks}
                ) AS t WHERE t."Place" = (t."All" * 50 + 99) / 100 OR t."Place" = (t."All" * 95 + 99) / 100 ORDER BY t."Place"
                """
            )
            .ToListAsync(cancellation);
        return took is [] ? (null, null) : (new(took[0]), new(took[^1]));
    }

    private sealed record EndCount(DateOnly OfDay, RequestOutcome Outcome, WritebackReason Reason, long Count);

    private sealed class Counted
    {
        public long Day { get; init; }
        public int Outcome { get; init; }
        public int? Reason { get; init; }
        public long Count { get; init; }
    }
}
