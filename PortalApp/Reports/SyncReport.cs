using System.Runtime.CompilerServices;
using Portal.Tenants;
using PortalApp.Agents;
using PortalApp.Audit;

namespace PortalApp.Reports;

/// <summary>Whether the directories' people arrive here, and what of them could not be taken.</summary>
internal sealed class SyncReport(AuditCounts counts, AuditRows rows, SyncStandings standings) : Report
{
    private static readonly AuditEventId[] Events = [AuditEventId.SyncObjectRefused];

    public override string Name => "sync";

    public override IReadOnlyList<ReportColumn> Columns => [new("ColumnObject"), new("ColumnWhy"), new("ColumnWhen", IsNumber: true)];

    public override async Task<ReportShown> ShowAsync(TenantId tenant, ReportQuery query, CancellationToken cancellation)
    {
        var refused = await counts.OfAsync(tenant, Events, query with { Why = null }, cancellation);
        var told = await standings.ListAsync(tenant, cancellation);
        return new(
            new("LeadSync", told.Count, told.Count(s => s.Waits)),
            BarCounts.Chart(
                query,
                "ChartSync",
                ["RefusedSeries"],
                [
                    [.. refused.Select(r => r.OfBars)],
                ]
            ),
            [
                new(
                    "TableSync",
                    [
                        new("ColumnDirectory"),
                        new("ColumnUnreadable", IsNumber: true),
                        new("ColumnWaiting", IsNumber: true),
                        new("ColumnTold", IsNumber: true),
                    ],
                    [
                        .. told.Select(s => new ReportLine([
                            new Cell.Text(s.Connector),
                            new Cell.Number(s.Read()?.Unreadable.Count ?? 0),
                            new Cell.Number(s.Waits ? s.Read()?.Held?.Missing ?? 0 : 0),
                            new Cell.At(s.At),
                        ])),
                    ]
                ),
            ],
            refused.Sum(r => r.Sum)
        );
    }

    public override async IAsyncEnumerable<IReadOnlyList<Cell>> RowsAsync(
        TenantId tenant,
        ReportQuery query,
        RowWindow window,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await foreach (var one in rows.OfAsync(tenant, Events, query with { Why = null }, window, cancellation))
        {
            yield return [new Cell.Text(one.Entry.Subject), new Cell.Text(one.Entry.Detail), new Cell.At(one.Entry.At)];
        }
    }
}
