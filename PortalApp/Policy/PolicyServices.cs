using PortalApp.Tenants;

namespace PortalApp.Policy;

internal static class PolicyServices
{
    public static IHostApplicationBuilder AddPolicy(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PolicyJudge>();
        builder.Services.AddSingleton<PolicyStore>();
        builder.Services.AddSingleton<PolicyCensus>();
        builder.Services.AddSingleton<PolicyEffects>();
        builder.Services.AddSingleton<TenantAdded>(services =>
            (db, tenant, by) => services.GetRequiredService<PolicyStore>().Begin(db, tenant, by)
        );
        return builder;
    }
}
