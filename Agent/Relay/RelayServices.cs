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
            .AddSingleton<OnConnected>(ConnectedBy)
            .AddSingleton<RequestIntake>()
            .AddSingleton<PortalGreeting>()
            .AddHostedService(provider => provider.GetRequiredService<PortalGreeting>())
            .AddHostedService<RelayListener>();

    private static OnConnected ConnectedBy(IServiceProvider provider)
    {
        var greeting = provider.GetRequiredService<PortalGreeting>();
        var recovery = provider.GetRequiredService<Recovery>();
        return async cancellation =>
        {
            await greeting.GreetAsync(cancellation);
            await recovery.RunAsync(cancellation);
        };
    }
}
