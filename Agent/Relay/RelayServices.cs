using Agent.Relay.ServiceBus;
using Microsoft.Extensions.DependencyInjection;

namespace Agent.Relay;

internal static class RelayServices
{
    public static IServiceCollection AddRelay(this IServiceCollection services) =>
        services
            .AddSingleton<RequestIntake>()
            .AddSingleton<IRequestSource, AmqpRequestSource>()
            .AddSingleton<IRequestSource, ServiceBusRequestSource>()
            .AddHostedService<RelayListener>();
}
