using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;
using PortalApp.Users;

namespace PortalApp.Reports;

/// <summary>Who is let try no more, from anywhere or from where nobody knows them; beside each the helpdesk lifts it.</summary>
internal sealed class LockedReport(AuditCounts counts, IDbContextFactory<PortalDb> databases, Limits limits) : Report
{
    public override string Name => "locked";

    public override IReadOnlyList<ReportColumn> Columns =>
        [
            new("ColumnPerson"),
            new("ColumnUserId"),
            new("ColumnStanding"),
            new("ColumnFailures", IsNumber: true),
            new("ColumnWhen", IsNumber: true),
        ];

    public override async Task<ReportShown> ShowAsync(TenantId tenant, ReportQuery query, CancellationToken cancellation)
    {
        var locks = await counts.OfAsync(tenant, [AuditEventId.GateLocked], query with { Why = null }, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var all = await Limited(db, tenant).CountAsync(cancellation);
        return new(
            new("LeadLocked", all),
            BarCounts.Chart(
                query,
                "ChartLocked",
                ["LocksSeries"],
                [
                    [.. locks.Select(l => l.OfBars)],
                ]
            ),
            [],
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
        var found = Limited(db, tenant).OrderByDescending(l => l.Failures.LastAt).ThenBy(l => l.User.Id).Skip(window.Skip);
        found = window.Take is { } take ? found.Take(take) : found;
        await foreach (var (user, failures) in found.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return
            [
                new Cell.Person(user.Id, user.DisplayName ?? user.UserPrincipalName),
                new Cell.Text(user.UserPrincipalName),
                new Cell.Limited(
                    failures.Total >= limits.FailuresInARow ? "LimitedEverywhere" : "LimitedToStrangers",
                    user.Id,
                    user.DisplayName ?? user.UserPrincipalName,
                    user.Role > Role.User
                ),
                new Cell.Number(failures.Total),
                new Cell.At(failures.LastAt),
            ];
        }
    }

    private IQueryable<LimitedPerson> Limited(PortalDb db, TenantId tenant) =>
        from f in db.Set<FailureCount>().AsNoTracking()
        join u in db.Set<User>() on f.Subject equals u.Id
        where
            f.Tenant == tenant
            && u.Tenant == tenant
            && u.GoneAt == null
            && (f.Total >= limits.FailuresInARow || f.OfStrangers >= limits.FailuresOfStrangers)
        select new LimitedPerson { User = u, Failures = f };

    private sealed class LimitedPerson
    {
        public required User User { get; init; }
        public required FailureCount Failures { get; init; }

        public void Deconstruct(out User user, out FailureCount failures) => (user, failures) = (User, Failures);
    }
}
