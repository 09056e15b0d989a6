using System.Runtime.CompilerServices;
using Portal.Tenants;
using PortalApp.Audit;

namespace PortalApp.Reports;

/// <summary>Passwords that were set anew or changed, and accounts that were unlocked, by how it ended and why.</summary>
internal sealed class ResetsReport(AuditCounts counts, AuditRows rows) : Report
{
    private const string Resets = "resets";
    private const string Changes = "changes";
    private const string Unlocks = "unlocks";

    private static readonly (string Key, AuditEventId[] Events)[] Series =
    [
        ("EndDone", [AuditEventId.ResetDone, AuditEventId.ChangeDone, AuditEventId.UnlockDone]),
        ("EndFailed", [AuditEventId.ResetFailed, AuditEventId.ChangeFailed, AuditEventId.UnlockFailed]),
        ("EndRefused", [AuditEventId.ResetRefused]),
        ("EndUnknown", [AuditEventId.ResetUnknown, AuditEventId.ChangeUnknown, AuditEventId.UnlockUnknown]),
    ];

    private static readonly AuditEventId[] OfChanges = [AuditEventId.ChangeDone, AuditEventId.ChangeFailed, AuditEventId.ChangeUnknown];
    private static readonly AuditEventId[] OfUnlocks = [AuditEventId.UnlockDone, AuditEventId.UnlockFailed, AuditEventId.UnlockUnknown];

    private static readonly ReportColumn[] ReasonColumns =
    [
        new("ColumnReason"),
        new("ColumnCount", IsNumber: true),
        new("ColumnShare", IsNumber: true),
    ];

    public override string Name => "resets";

    public override IReadOnlyList<string> Choices => [Resets, Changes, Unlocks];

    public override IReadOnlyList<ReportColumn> Columns =>
        [
            new("ColumnPerson"),
            new("ColumnWhat"),
            new("ColumnEnded"),
            new("ColumnNetwork"),
            new("ColumnTrace"),
            new("ColumnWhen", IsNumber: true),
        ];

    public override async Task<ReportShown> ShowAsync(TenantId tenant, ReportQuery query, CancellationToken cancellation)
    {
        var ends = await counts.OfAsync(tenant, EventsOf(query), query, cancellation);
        var (all, done) = (ends.Sum(e => e.Sum), ends.Where(e => Series[0].Events.Contains(e.Event)).Sum(e => e.Sum));
        var others = ends.Where(e => !Series[0].Events.Contains(e.Event))
            .GroupBy(e => (e.Outcome, e.Reason))
            .Select(g => (g.Key, Count: g.Sum(e => e.Sum)))
            .Where(g => g.Count > 0)
            .OrderByDescending(g => g.Count);
        return new(
            new("LeadResets", done, all),
            BarCounts.Chart(
                query,
                "ChartResets",
                [.. Series.Select(s => s.Key)],
                [.. Series.Select(s => ends.Where(e => s.Events.Contains(e.Event)).Select(e => e.OfBars).ToList())]
            ),
            [
                new(
                    "TableReasons",
                    ReasonColumns,
                    [
                        .. others.Select(g => new ReportLine(
                            [new Cell.Ended(g.Key.Outcome, g.Key.Reason), new Cell.Number(g.Count), new Cell.Share(g.Count, all)],
                            g.Key.Reason
                        )),
                    ]
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
        await foreach (var one in rows.OfAsync(tenant, EventsOf(query), query, window, cancellation))
        {
            yield return
            [
                new Cell.Person(one.About, one.Name),
                new Cell.Happened(one.Entry.Event),
                new Cell.Ended(one.Entry.Outcome, one.Entry.Reason),
                new Cell.Text(one.Entry.Network),
                new Cell.Trace(one.Entry.Trace),
                new Cell.At(one.Entry.At),
            ];
        }
    }

    private static AuditEventId[] EventsOf(ReportQuery query) =>
        [.. Series.SelectMany(s => s.Events).Where(e => query.Choice is null || query.Choice == ChoiceOf(e))];

    private static string ChoiceOf(AuditEventId end) =>
        OfChanges.Contains(end) ? Changes
        : OfUnlocks.Contains(end) ? Unlocks
        : Resets;
}
