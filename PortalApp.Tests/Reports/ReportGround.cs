using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Reports;
using PortalApp.Throttle.Failures;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Reports;

/// <summary>What happened in a tenant, days ago, and its reports.</summary>
internal sealed class ReportGround(IServiceProvider services, TenantId tenant, DateTimeOffset now)
{
    public Task HappenedAsync(
        AuditEventId happened,
        string? outcome,
        string? reason,
        int daysAgo,
        string? about = null,
        string? trace = null,
        string? request = null,
        TenantId? of = null,
        string? network = "10.1.2.0/24",
        string? detail = null
    ) =>
        AddAsync(
            new AuditEntry
            {
                At = now.AddDays(-daysAgo),
                Tenant = of ?? tenant,
                Event = happened,
                By = Actor.Portal,
                SubjectKind = AuditSubjectKind.User,
                Subject = about,
                Outcome = outcome,
                Reason = reason,
                Trace = trace,
                Request = request,
                Network = network,
                Detail = detail,
            }
        );

    public Task RequestedAsync(string id, RequestOutcome outcome, WritebackReason reason, int seconds, bool isResolved = false) =>
        AddAsync(
            new Request
            {
                Id = id,
                Tenant = tenant,
                Kind = RequestKind.Reset,
                Connector = "corp.test",
                Issued = now.AddDays(-1),
                Deadline = now,
                EndedAt = now.AddDays(-1).AddSeconds(seconds),
                ResolvedAt = isResolved ? now : null,
                Outcome = outcome,
                Reason = reason,
            }
        );

    public Task LimitedAsync(string subject, int total, int ofStrangers, TenantId? of = null) =>
        AddAsync(
            new FailureCount
            {
                Tenant = of ?? tenant,
                Subject = subject,
                Total = total,
                OfStrangers = ofStrangers,
                LastAt = now,
            }
        );

    public Report Named(string report) => services.GetRequiredService<IEnumerable<Report>>().Named(report)!;

    public ReportQuery QueryOf(string report, string? choice = null, string? why = null, string? step = null) =>
        ReportQuery.Of(Named(report), now, new(null, null, step, choice, why, null));

    public Task<ReportShown> ShownAsync(string report, string? choice = null, string? why = null) =>
        Named(report).ShowAsync(tenant, QueryOf(report, choice, why), default);

    public async Task<List<string>> RowsAsync(string report, RowWindow window, string? choice = null)
    {
        List<string> found = [];
        await foreach (var row in Named(report).RowsAsync(tenant, QueryOf(report, choice), window, default))
        {
            found.Add(string.Join('|', row.Select(cell => cell.Raw)));
        }

        return found;
    }

    public static string Lines(ReportTable table) =>
        string.Join('\n', table.Lines.Select(l => string.Join('|', l.Cells.Select(c => c.Raw))));

    private async Task AddAsync<T>(T row)
        where T : class
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        db.Add(row);
        await db.SaveChangesAsync();
    }
}
