using Microsoft.Extensions.DependencyInjection;

namespace Agent.Relay;

internal static class RelayServices
{
    public static IServiceCollection AddRelay(this IServiceCollection services) =>
        services.AddSingleton<RequestIntake>().AddSingleton<IRequestSource, AmqpRequestSource>().AddHostedService<RelayListener>();
}
