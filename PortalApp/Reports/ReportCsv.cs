using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using PortalApp.Administration;
using PortalApp.SignIn.Sessions;

namespace PortalApp.Reports;

/// <summary>All rows of a report as CSV (RFC 4180), one at a time, so that it takes the same memory for three and for a million.</summary>
internal sealed class ReportCsv(IEnumerable<Report> reports, TimeProvider clock)
{
    public async Task WriteAsync(HttpContext http, string name)
    {
        if (reports.Named(name) is not { } report)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var asked = http.Request.Query;
        var query = ReportQuery.Of(
            report,
            clock.GetUtcNow(),
            new(asked["from"], asked["until"], asked["step"], asked["choice"], asked["why"], Page: null)
        );
        if (query.Complaint is not null)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var me = http.Features.GetRequiredFeature<SignedIn>();
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = string.Create(
            CultureInfo.InvariantCulture,
            $"attachment; filename=\"{report.Name}-{query.From:yyyy-MM-dd}-{query.Until:yyyy-MM-dd}.csv\""
        );
        await using var writer = new StreamWriter(http.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await writer.WriteAsync(Line(report.Columns.Select(c => c.Key["Column".Length..])));
        await foreach (var row in report.RowsAsync(me.Tenant.Id, query, RowWindow.All, http.RequestAborted))
        {
            await writer.WriteAsync(Line(row.Select(cell => cell.Raw)));
        }
    }

    private static string Line(IEnumerable<string> cells) => string.Join(',', cells.Select(CsvCell.Of)) + "\r\n";
}
