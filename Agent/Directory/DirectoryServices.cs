using Agent.Directory.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Agent.Directory;

internal static class DirectoryServices
{
    /// <summary>Needs <see cref="AgentOptions"/>, <c>AgentFolder</c> and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddDirectory(this IServiceCollection services) =>
        services
            .AddSingleton<DirectoryConnector>()
            .AddSingleton<PasswordChannel>()
            .AddSingleton<PolicyReader>()
            .AddSingleton<LockoutReader>()
            .AddSingleton<RightProbe>();
}
