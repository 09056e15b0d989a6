namespace PortalApp.Tenants;

internal static class TenantServices
{
    public static IHostApplicationBuilder AddTenants(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TenantStore>();
        builder.Services.AddSingleton<DomainStore>();
        return builder;
    }
}
