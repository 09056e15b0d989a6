using Microsoft.Extensions.DependencyInjection;

namespace Agent.Relay;

internal static class RelayServices
{
    public static IServiceCollection AddRelay(this IServiceCollection services) =>
        services
            .AddSingleton<RequestIntake>()
            .AddSingleton<PortalGreeting>()
            .AddHostedService(provider => provider.GetRequiredService<PortalGreeting>())
            .AddHostedService<RelayListener>();
}
