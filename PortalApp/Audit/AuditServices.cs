namespace PortalApp.Audit;

internal static class AuditServices
{
    public static IHostApplicationBuilder AddAudit(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AuditLog>();
        builder.Services.AddSingleton<LogPerMinute>();
        builder.Services.AddSingleton<BoundedAudit>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BoundedAudit>());
        return builder;
    }
}
