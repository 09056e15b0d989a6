using Microsoft.Extensions.DependencyInjection.Extensions;

namespace PortalApp.Throttle;

internal static class ThrottleServices
{
    public static IHostApplicationBuilder AddThrottle(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(Limits.Standard);
        builder.Services.AddSingleton<ThrottleStore>();
        return builder;
    }
}
