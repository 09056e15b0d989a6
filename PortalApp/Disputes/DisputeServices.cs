namespace PortalApp.Disputes;

internal static class DisputeServices
{
    public static IHostApplicationBuilder AddDisputes(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DisputeStore>();
        return builder;
    }
}
