using PortalApp.Desk;
using PortalApp.Users;

namespace PortalApp.Reports;

internal static class ReportServices
{
    public static IHostApplicationBuilder AddReports(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AuditCounts>();
        builder.Services.AddSingleton<AuditRows>();
        builder.Services.AddSingleton<Report, RegistrationReport>();
        builder.Services.AddSingleton<Report, ResetsReport>();
        builder.Services.AddSingleton<Report, WritebackReport>();
        builder.Services.AddSingleton<Report, GatesReport>();
        builder.Services.AddSingleton<Report, LockedReport>();
        builder.Services.AddSingleton<Report, ContactsReport>();
        builder.Services.AddSingleton<Report, HelpdeskReport>();
        builder.Services.AddSingleton<Report, SyncReport>();
        builder.Services.AddSingleton<ReportCsv>();
        return builder;
    }

    public static void MapReports(this WebApplication app) =>
        app.MapGet("/desk/reports/{name}.csv", (HttpContext http, ReportCsv csv, string name) => csv.WriteAsync(http, name))
            .RequireAuthorization(DeskAccess.ReportsReader)
            .WithMetadata(DeskPages.SaysWhose(Role.ReportsReader));

    public static Report? Named(this IEnumerable<Report> reports, string name) => reports.FirstOrDefault(r => r.Name == name);
}
