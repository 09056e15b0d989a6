using PortalApp.Audit.Chain;
using PortalApp.Audit.Syslog;
using PortalApp.Audit.Tallies;
using PortalApp.Data;

namespace PortalApp.Audit;

internal static class AuditServices
{
    public static IHostApplicationBuilder AddAudit(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AuditLog>();
        builder.Services.AddSingleton<LogPerMinute>();
        builder.Services.AddSingleton<BoundedAudit>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BoundedAudit>());
        builder.AddOptions(AuditOptions.Section, new AuditOptionsValidator());
        builder.Services.AddSingleton<AuditKeys>();
        builder.Services.AddSingleton<TallyStore>();
        builder.Services.AddSingleton(TallyStore.Retention);
        builder.Services.AddSingleton<AuditLease>();
        builder.Services.AddSingleton<AuditSealing>();
        builder.Services.AddSingleton<AuditDays>();
        builder.Services.AddSingleton<AuditTrim>();
        builder.Services.AddSingleton<AuditVerification>();
        builder.Services.AddHostedService<AuditSealer>();
        builder.Services.AddHostedService<AuditShipping>();
        return builder;
    }
}
