using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Portal.Tenants;
using PortalApp.Audit.Tallies;
using PortalApp.Notifications;
using PortalApp.Notifications.Phone;

namespace PortalApp.Reports;

/// <summary>How people prove who they are, how often they do not, and what texts and calls cost.</summary>
internal sealed class GatesReport(TallyStore tallies, IOptions<PhoneOptions> phone) : Report
{
    public override string Name => "gates";

    public override IReadOnlyList<ReportColumn> Columns =>
        [new("ColumnDay"), new("ColumnWhat"), new("ColumnOf"), new("ColumnCount", IsNumber: true), new("ColumnCost", IsNumber: true)];

    public override async Task<ReportShown> ShowAsync(TenantId tenant, ReportQuery query, CancellationToken cancellation)
    {
        var all = await tallies.OfAsync(tenant, query.From, query.Until, cancellation);
        var gates = all.Where(t => t.Kind is TallyKind.GatePassed or TallyKind.GateFailed).ToList();
        var passed = Sum(gates, TallyKind.GatePassed);
        return new(
            new("LeadGates", passed, gates.Sum(t => t.Count)),
            BarCounts.Chart(
                query,
                "ChartGates",
                ["GatePassed", "GateFailed"],
                [
                    [Bars(query, gates, TallyKind.GatePassed)],
                    [Bars(query, gates, TallyKind.GateFailed)],
                ]
            ),
            [MethodsOf(gates), MessagesOf(all)],
            all.Count
        );
    }

    public override async IAsyncEnumerable<IReadOnlyList<Cell>> RowsAsync(
        TenantId tenant,
        ReportQuery query,
        RowWindow window,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var all = (await tallies.OfAsync(tenant, query.From, query.Until, cancellation)).Reverse().Skip(window.Skip);
        foreach (var one in window.Take is { } take ? all.Take(take) : all)
        {
            yield return
            [
                new Cell.Text(DateOnly.FromDayNumber(one.Day).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
                new Cell.Said($"{one.Kind}"),
                Of(one.Kind, one.Of),
                new Cell.Number(one.Count),
                Cost(one.Kind, one.Of, one.Count),
            ];
        }
    }

    private static ReportTable MethodsOf(IReadOnlyList<DailyTally> gates) =>
        new(
            "TableMethods",
            [
                new("ColumnMethod"),
                new("GatePassed", IsNumber: true),
                new("GateFailed", IsNumber: true),
                new("ColumnSharePassed", IsNumber: true),
            ],
            [
                .. gates
                    .GroupBy(t => t.Of)
                    .OrderByDescending(g => g.Sum(t => t.Count))
                    .Select(g => new ReportLine([
                        Of(TallyKind.GatePassed, g.Key),
                        new Cell.Number(Sum(g, TallyKind.GatePassed)),
                        new Cell.Number(Sum(g, TallyKind.GateFailed)),
                        new Cell.Share(Sum(g, TallyKind.GatePassed), g.Sum(t => t.Count)),
                    ])),
            ]
        );

    private ReportTable MessagesOf(IReadOnlyList<DailyTally> all) =>
        new(
            "TableMessages",
            [new("ColumnWhat"), new("ColumnCountry"), new("ColumnCount", IsNumber: true), new("ColumnCost", IsNumber: true)],
            [
                .. all.Where(t => t.Kind is TallyKind.Texted or TallyKind.Called)
                    .GroupBy(t => (t.Kind, t.Of))
                    .OrderByDescending(g => g.Sum(t => t.Count))
                    .Select(g => new ReportLine([
                        new Cell.Said($"{g.Key.Kind}"),
                        new Cell.Text(g.Key.Of),
                        new Cell.Number(g.Sum(t => t.Count)),
                        Cost(g.Key.Kind, g.Key.Of, g.Sum(t => t.Count)),
                    ])),
            ]
        );

    private static Cell Of(TallyKind kind, string of) =>
        kind is TallyKind.GatePassed or TallyKind.GateFailed && Enum.TryParse<Gates.GateMethod>(of, out var method)
            ? new Cell.Methods([method])
            : new Cell.Text(of);

    private Cell.Money Cost(TallyKind kind, string country, long count)
    {
        decimal? price = kind switch
        {
            TallyKind.Texted => phone.Value.PriceOf(MessageChannel.Sms, country),
            TallyKind.Called => phone.Value.PriceOf(MessageChannel.Call, country),
            _ => null,
        };
        return new(price * count, phone.Value.Currency);
    }

    private static long Sum(IEnumerable<DailyTally> all, TallyKind kind) => all.Where(t => t.Kind == kind).Sum(t => t.Count);

    private static long[] Bars(ReportQuery query, IReadOnlyList<DailyTally> all, TallyKind kind) =>
        BarCounts.OfDays(query, all.Where(t => t.Kind == kind).Select(t => (DateOnly.FromDayNumber(t.Day), t.Count)));
}
