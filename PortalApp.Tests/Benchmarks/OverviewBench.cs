using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PortalApp.Administration.Overview;
using PortalApp.Audit;
using PortalApp.Audit.Chain;
using PortalApp.Reports;

namespace PortalApp.Tests.Benchmarks;

/// <summary>The desk's first page and a report among a hundred thousand people and a million entries of the audit, at the server.</summary>
internal static class OverviewBench
{
    private const int Entries = 1_000_000;
    private const int PerStatement = 50_000;
    private const int PerLook = 20_000;
    private const double Mebibyte = 1 << 20;

    public static Task RunAsync(BenchReport report, CancellationToken cancellation) =>
        DeskGround.OnEachAsync(
            async ground =>
            {
                await AddEntriesAsync(ground, cancellation);
                await ground.SettleAsync(cancellation);
                await MeasureAsync(ground, report, cancellation);
            },
            cancellation
        );

    private static async Task MeasureAsync(DeskGround ground, BenchReport report, CancellationToken cancellation)
    {
        var states = ground.The<TenantStates>();
        report.Add(
            $"{ground.Name}.overview",
            await DeskGround.MedianAsync(() => states.OfAsync(ground.Tenant, cancellation)),
            "ms (≤ 300)"
        );

        var resets = ground.The<IEnumerable<Report>>().Named("resets")!;
        var now = TimeProvider.System.GetUtcNow();
        var from = now.AddDays(-366).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var year = ReportQuery.Of(resets, now, new(from, null, null, null, null, null));
        report.Add(
            $"{ground.Name}.report",
            await DeskGround.MedianAsync(async () =>
            {
                await resets.ShowAsync(ground.Tenant, year, cancellation);
                Assert.Equal(
                    ReportQuery.PageSize,
                    await resets.RowsAsync(ground.Tenant, year, year.Window, cancellation).CountAsync(cancellation)
                );
            }),
            "ms (≤ 1000)"
        );
        report.Add($"{ground.Name}.csv_growth", await GrowthAsync(ground, resets, year, cancellation), "MiB");
    }

    /// <summary>How much more memory lives while all rows of a report pass than after the first of them.</summary>
    private static async Task<double> GrowthAsync(DeskGround ground, Report report, ReportQuery query, CancellationToken cancellation)
    {
        var (first, most, rows) = (0L, 0L, 0);
        await foreach (var _ in report.RowsAsync(ground.Tenant, query, RowWindow.All, cancellation))
        {
            if (++rows % PerLook == 0)
            {
                var lives = GC.GetTotalMemory(forceFullCollection: true);
                first = first == 0 ? lives : first;
                most = Math.Max(most, lives);
            }
        }

        return (most - first) / Mebibyte;
    }

    /// <summary>
    /// A year of them, nine of ten an end of a reset or a change; written by the database itself and never sealed, as their chain is not what is
    /// measured.
    /// </summary>
    private static async Task AddEntriesAsync(DeskGround ground, CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow().UtcTicks;
        await using var db = await ground.Databases.CreateDbContextAsync(cancellation);
        await db.Set<AuditProgress>().ExecuteUpdateAsync(set => set.SetProperty(p => p.SealedThrough, long.MaxValue), cancellation);
        var step = TimeSpan.FromDays(365).Ticks / Entries;
        for (var made = 0; made < Entries; made += PerStatement)
        {
            var sql = string.Create(
                CultureInfo.InvariantCulture,
                $"""
                WITH RECURSIVE n(i) AS (SELECT {made} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {made + PerStatement})
                INSERT INTO "AuditEntry" ("Tenant", "At", "Event", "By", "Outcome", "Reason")
                SELECT {ground.Tenant.Value}, {now} - CAST(i AS bigint) * {step},
                    CASE i % 10 WHEN 9 THEN {(int)AuditEventId.SignedIn} WHEN 8 THEN {(int)AuditEventId.ChangeDone}
                        WHEN 7 THEN {(int)AuditEventId.ResetFailed} WHEN 6 THEN {(int)AuditEventId.ResetFailed} ELSE {(
                    int
                )AuditEventId.ResetDone} END,
                    '{Actor.Portal}',
                    CASE i % 10 WHEN 9 THEN NULL WHEN 7 THEN 'Rejected' WHEN 6 THEN 'NotAttempted' ELSE 'Applied' END,
                    CASE i % 10 WHEN 9 THEN NULL WHEN 7 THEN 'InHistory' WHEN 6 THEN 'Protected' ELSE 'None' END FROM n
                """
            );
            await db.Database.ExecuteSqlRawAsync(sql, cancellation);
        }
    }
}
