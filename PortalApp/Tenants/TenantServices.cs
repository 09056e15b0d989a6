using PortalApp.Data;

namespace PortalApp.Tenants;

internal static class TenantServices
{
    public static IHostApplicationBuilder AddTenants(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TenantStore>();
        builder.Services.AddSingleton<DomainStore>();
        builder.Services.AddSingleton<DomainClaims>();
        builder.Services.AddSingleton(
            Retention.Of(
                "Domains that nobody proved",
                "they were claimed",
                TimeSpan.FromDays(30),
                (db, before) => db.Set<DomainClaim>().Where(c => c.At < before).OrderBy(c => c.At)
            )
        );
        builder.Services.AddSingleton<AuditRetention>();
        builder.Services.AddSingleton(services => new Retention(
            "The audit of a tenant that says how long",
            "its days were over",
            TimeSpan.Zero,
            services.GetRequiredService<AuditRetention>().DeleteAsync
        ));
        return builder;
    }
}
