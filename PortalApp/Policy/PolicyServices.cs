namespace PortalApp.Policy;

internal static class PolicyServices
{
    public static IHostApplicationBuilder AddPolicy(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PolicyStore>();
        return builder;
    }
}
