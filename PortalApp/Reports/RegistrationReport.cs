using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Administration.People;
using PortalApp.Data;
using PortalApp.Policy;
using PortalApp.Users;

namespace PortalApp.Reports;

/// <summary>Who could reset their password today, who not and why, with what they hold, and since when they are registered.</summary>
internal sealed class RegistrationReport(
    IDbContextFactory<PortalDb> databases,
    PolicyStore policies,
    PolicyCensus census,
    UserStanding standings
) : Report
{
    private const int AtOnce = 500;

    private static readonly string[] Verdicts =
    [
        nameof(ResetEligibility.Proceed),
        nameof(ResetEligibility.NotEnabled),
        nameof(ResetEligibility.NoLicence),
        nameof(ResetEligibility.TooFewMethods),
    ];

    public override string Name => "registration";

    public override IReadOnlyList<string> Choices => Verdicts;

    public override IReadOnlyList<ReportColumn> Columns =>
        [
            new("ColumnPerson"),
            new("ColumnUserId"),
            new("ColumnStanding"),
            new("ColumnHeld"),
            new("ColumnMissing", IsNumber: true),
            new("ColumnSince", IsNumber: true),
        ];

    public override async Task<ReportShown> ShowAsync(TenantId tenant, ReportQuery query, CancellationToken cancellation)
    {
        var list = (await policies.HoldingAsync(tenant, cancellation)).List;
        var people = (await census.CountAsync(tenant, [list], cancellation)).Select(p => (Judged: p.Under(list), p.Count)).ToList();
        var all = people.Sum(p => p.Count);
        var registered = await RegisteredAsync(tenant, query, cancellation);
        var shown = people.Where(p => query.Choice is null || p.Judged.Verdict.GetType().Name == query.Choice).ToList();
        return new(
            new("LeadRegistration", people.Where(p => p.Judged.Verdict is ResetEligibility.Proceed).Sum(p => p.Count), all),
            BarCounts.Chart(
                query,
                "ChartRegistration",
                ["RegisteredSeries"],
                [
                    [registered],
                ]
            ),
            [
                new(
                    "TableStandings",
                    [new("ColumnStanding"), new("ColumnPeople", IsNumber: true), new("ColumnShare", IsNumber: true)],
                    [
                        .. Verdicts.Select(v => new ReportLine([
                            new Cell.Said($"Standing{v}"),
                            new Cell.Number(Sum(people, v)),
                            new Cell.Share(Sum(people, v), all),
                        ])),
                    ]
                ),
                new(
                    "TableHeld",
                    [new("ColumnMethod"), new("ColumnPeople", IsNumber: true), new("ColumnShare", IsNumber: true)],
                    [
                        .. shown
                            .SelectMany(p => p.Judged.Usable.Distinct().Select(method => (method, p.Count)))
                            .GroupBy(m => m.method)
                            .OrderBy(g => g.Key)
                            .Select(g => new ReportLine([
                                new Cell.Methods([g.Key]),
                                new Cell.Number(g.Sum(m => m.Count)),
                                new Cell.Share(g.Sum(m => m.Count), shown.Sum(p => p.Count)),
                            ])),
                    ]
                ),
            ],
            shown.Sum(p => p.Count)
        );
    }

    public override async IAsyncEnumerable<IReadOnlyList<Cell>> RowsAsync(
        TenantId tenant,
        ReportQuery query,
        RowWindow window,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var list = (await policies.HoldingAsync(tenant, cancellation)).List;
        var people = (await census.CountAsync(tenant, [list], cancellation))
            .Where(p => query.Choice is null || p.Under(list).Verdict.GetType().Name == query.Choice)
            .ToList();
        var (after, left, skip) = ("", window.Take ?? int.MaxValue, window.Skip);
        while (left > 0 && people.Count > 0)
        {
            var most = (int)Math.Min(AtOnce, (long)skip + left);
            var names = await census.NamesAsync(tenant, [list], people, most, cancellation, after);
            if (names.Count == 0)
            {
                yield break;
            }

            after = names[^1].UserPrincipalName;
            var wanted = names.Skip(skip).Take(left).Select(n => n.Id).ToList();
            skip = Math.Max(0, skip - names.Count);
            left -= wanted.Count;
            foreach (var standing in await StandingsAsync(wanted, list, cancellation))
            {
                yield return Row(standing);
            }
        }
    }

    private async Task<IReadOnlyList<Standing>> StandingsAsync(List<string> ids, PolicyList list, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var users = await db.Set<User>()
            .AsNoTracking()
            .Include(u => u.Contacts)
            .Where(u => ids.Contains(u.Id))
            .OrderBy(u => u.UserPrincipalName)
            .ToListAsync(cancellation);
        return await standings.OfAsync(users, list, cancellation);
    }

    private static IReadOnlyList<Cell> Row(Standing standing)
    {
        var methods = standing.Held.Methods.Distinct().Order().ToList();
        return
        [
            new Cell.Person(standing.User.Id, standing.User.DisplayName ?? standing.User.UserPrincipalName),
            new Cell.Text(standing.User.UserPrincipalName),
            new Cell.Said($"Standing{standing.Eligibility.GetType().Name}"),
            new Cell.Methods(methods),
            new Cell.Number(Math.Max(0, standing.GatesRequired - methods.Count)),
            new Cell.At(standing.User.RegisteredAt),
        ];
    }

    private async Task<long[]> RegisteredAsync(TenantId tenant, ReportQuery query, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var days = await db
            .Database.SqlQuery<RegisteredOn>(
                $"""
                SELECT "RegisteredAt" / {TimeSpan.TicksPerDay} AS "Day", COUNT(*) AS "Count" FROM "User"
                WHERE "Tenant" = {tenant.Value} AND "GoneAt" IS NULL
                    AND "RegisteredAt" >= {query.Begins.UtcTicks} AND "RegisteredAt" < {query.Ends.UtcTicks}
                GROUP BY 1
                """
            )
            .ToListAsync(cancellation);
        return BarCounts.OfDays(query, days.Select(d => (DateOnly.FromDayNumber((int)d.Day), d.Count)));
    }

    private static long Sum(IEnumerable<(JudgedPeople Judged, int Count)> people, string verdict) =>
        people.Where(p => p.Judged.Verdict.GetType().Name == verdict).Sum(p => p.Count);

    private sealed class RegisteredOn
    {
        public long Day { get; init; }
        public long Count { get; init; }
    }
}
