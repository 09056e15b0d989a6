using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Users;

namespace PortalApp.Reports;

/// <summary>What the helpdesk did, to whom and why.</summary>
internal sealed class HelpdeskReport(AuditCounts counts, AuditRows rows, IDbContextFactory<PortalDb> databases) : Report
{
    private static readonly AuditEventId[] Events = [AuditEventId.HelpdeskActed];

    public override string Name => "helpdesk";

    public override IReadOnlyList<ReportColumn> Columns =>
        [new("ColumnPerson"), new("ColumnAction"), new("ColumnBy"), new("ColumnGivenReason"), new("ColumnWhen", IsNumber: true)];

    public override async Task<ReportShown> ShowAsync(TenantId tenant, ReportQuery query, CancellationToken cancellation)
    {
        var acts = await counts.OfAsync(tenant, Events, query, cancellation);
        var all = acts.Sum(a => a.Sum);
        return new(
            new("LeadHelpdesk", all),
            BarCounts.Chart(
                query,
                "ChartHelpdesk",
                ["ActionsSeries"],
                [
                    [.. acts.Select(a => a.OfBars)],
                ]
            ),
            [
                new(
                    "TableActions",
                    [new("ColumnAction"), new("ColumnCount", IsNumber: true)],
                    [.. acts.OrderByDescending(a => a.Sum).Select(a => new ReportLine([new Cell.Acted(a.Outcome), new Cell.Number(a.Sum)]))]
                ),
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
        Dictionary<string, string> helpers = [];
        await foreach (var one in rows.OfAsync(tenant, Events, query, window, cancellation))
        {
            if (!helpers.TryGetValue(one.Entry.By.Name, out var by))
            {
                by = await NameAsync(db, tenant, one.Entry.By, cancellation);
                helpers.Add(one.Entry.By.Name, by);
            }

            yield return
            [
                new Cell.Person(one.About, one.Name),
                new Cell.Acted(one.Entry.Outcome),
                new Cell.Text(by),
                new Cell.Text(one.Entry.Detail),
                new Cell.At(one.Entry.At),
            ];
        }
    }

    private static async Task<string> NameAsync(PortalDb db, TenantId tenant, Actor by, CancellationToken cancellation) =>
        await db.Set<User>()
            .Where(u => u.Tenant == tenant && u.Id == by.Name)
            .Select(u => u.DisplayName ?? u.UserPrincipalName)
            .SingleOrDefaultAsync(cancellation)
        ?? by.ToString();
}
