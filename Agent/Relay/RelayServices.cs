using Agent.Portal;
using Agent.Writeback;
using Microsoft.Extensions.DependencyInjection;

namespace Agent.Relay;

internal static class RelayServices
{
    public static IServiceCollection AddRelayListener(this IServiceCollection services) =>
        services
            .AddSingleton<HandleRequest>(provider => provider.GetRequiredService<WritebackHandler>().HandleAsync)
            .AddSingleton<RaiseAlarm>(provider => provider.GetRequiredService<PortalClient>().AlarmAsync)
            .AddSingleton<OnConnected>(provider => provider.GetRequiredService<PortalGreeting>().GreetAsync)
            .AddSingleton<RequestIntake>()
            .AddSingleton<PortalGreeting>()
            .AddHostedService(provider => provider.GetRequiredService<PortalGreeting>())
            .AddHostedService<RelayListener>();
}
