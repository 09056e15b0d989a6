namespace PortalApp.Reports;

internal static class BarCounts
{
    /// <param name="series">What is counted for each of them, bar by bar.</param>
    public static ReportChart Chart(
        ReportQuery query,
        string heading,
        IReadOnlyList<string> keys,
        IReadOnlyList<IReadOnlyList<IReadOnlyList<long>>> series
    )
    {
        var edges = query.Edges();
        return new(
            heading,
            keys,
            [
                .. Enumerable
                    .Range(0, edges.Count - 1)
                    .Select(i => new ReportBar(edges[i], [.. series.Select(all => all.Sum(one => one[i]))])),
            ]
        );
    }

    /// <summary>What was counted for days, in the bars that they lie in.</summary>
    public static long[] OfDays(ReportQuery query, IEnumerable<(DateOnly Day, long Count)> days)
    {
        var edges = query.Edges();
        var counts = new long[edges.Count - 1];
        foreach (var (day, count) in days.Where(d => d.Day >= query.From && d.Day <= query.Until))
        {
            counts[edges.TakeWhile(edge => edge <= day).Count() - 1] += count;
        }

        return counts;
    }
}
