using Portal.Tenants;

namespace PortalApp.Reports;

/// <summary>One report: its numbers for the page, and its rows for page and file.</summary>
internal abstract class Report
{
    /// <summary>In the address and, with <c>Report</c> before it, in the texts.</summary>
    public abstract string Name { get; }

    /// <summary>What of it can be chosen, besides all.</summary>
    public virtual IReadOnlyList<string> Choices => [];

    /// <summary>False for one that tells of now alone.</summary>
    public virtual bool HasDays => true;

    public abstract IReadOnlyList<ReportColumn> Columns { get; }

    public abstract Task<ReportShown> ShowAsync(TenantId tenant, ReportQuery query, CancellationToken cancellation);

    /// <summary>One at a time, latest first on a page and by kind in the file, however many there are.</summary>
    public abstract IAsyncEnumerable<IReadOnlyList<Cell>> RowsAsync(
        TenantId tenant,
        ReportQuery query,
        RowWindow window,
        CancellationToken cancellation
    );
}

/// <param name="Take">Null for all.</param>
internal sealed record RowWindow(int Skip, int? Take)
{
    public static RowWindow All { get; } = new(0, null);
}

/// <param name="Key">Of its heading, in the texts and in the file.</param>
internal sealed record ReportColumn(string Key, bool IsNumber = false);

/// <param name="Lead">What the numbers come to, in a sentence.</param>
/// <param name="Total">Of rows.</param>
internal sealed record ReportShown(
    ReportSentence Lead,
    ReportChart? Chart,
    IReadOnlyList<ReportTable> Tables,
    long Total,
    ReportSentence? Note = null
);

internal sealed record ReportSentence(string Key, params object[] Values);

/// <param name="Heading">Of what is counted.</param>
/// <param name="Series">The keys of what is counted, at the most four.</param>
/// <param name="Bars">Oldest first.</param>
internal sealed record ReportChart(string Heading, IReadOnlyList<string> Series, IReadOnlyList<ReportBar> Bars);

internal sealed record ReportBar(DateOnly From, IReadOnlyList<long> Counts)
{
    public long Sum => Counts.Sum();
}

internal sealed record ReportTable(string Heading, IReadOnlyList<ReportColumn> Columns, IReadOnlyList<ReportLine> Lines);

/// <param name="Why">What the page shows alone when the line is chosen; null for one that cannot be.</param>
internal sealed record ReportLine(IReadOnlyList<Cell> Cells, string? Why = null);
