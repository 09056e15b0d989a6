using Microsoft.Extensions.DependencyInjection;

namespace Agent.Store;

internal static class StoreServices
{
    /// <summary>Needs <see cref="AgentFolder"/> and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddStore(this IServiceCollection services) => services.AddSingleton<Journal>();
}
