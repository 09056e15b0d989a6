using Microsoft.Extensions.DependencyInjection;

namespace Agent.Status;

internal static class StatusServices
{
    public static IServiceCollection AddStatus(this IServiceCollection services) =>
        services.AddSingleton<AgentStatus>().AddHostedService<StatusWriter>();
}
