using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using PortalApp.Administration.Overview;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Tests.Benchmarks;

/// <summary>The desk's first page among a hundred thousand people and a million entries of the audit, at the server.</summary>
internal static class OverviewBench
{
    private const int Entries = 1_000_000;
    private const int PerStatement = 50_000;
    private const int Times = 9;

    /// <summary>A year of them, every tenth the end of a reset; written by the database itself, as their chain is not what is measured.</summary>
    public static async Task AddEntriesAsync(IDbContextFactory<PortalDb> databases, TenantId tenant, CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow().UtcTicks;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var step = TimeSpan.FromDays(365).Ticks / Entries;
        var (done, other) = ((int)AuditEventId.ResetDone, (int)AuditEventId.SignedIn);
        for (var made = 0; made < Entries; made += PerStatement)
        {
            var sql = string.Create(
                CultureInfo.InvariantCulture,
                $"""
                WITH RECURSIVE n(i) AS (SELECT {made} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {made + PerStatement})
                INSERT INTO "AuditEntry" ("Tenant", "At", "Event", "By")
                SELECT {tenant.Value}, {now} - CAST(i AS bigint) * {step}, CASE WHEN i % 10 = 0 THEN {done} ELSE {other} END, 'portal' FROM n
                """
            );
            await db.Database.ExecuteSqlRawAsync(sql, cancellation);
        }
    }

    public static async Task RunAsync(
        WebApplication portal,
        TenantId tenant,
        string name,
        BenchReport report,
        CancellationToken cancellation
    )
    {
        var states = portal.Services.GetRequiredService<TenantStates>();
        await states.OfAsync(tenant, cancellation);
        List<double> shown = [];
        for (var i = 0; i < Times; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await states.OfAsync(tenant, cancellation);
            shown.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        report.Add($"{name}.overview", BenchReport.Median(shown), "ms (≤ 300)");
    }
}
