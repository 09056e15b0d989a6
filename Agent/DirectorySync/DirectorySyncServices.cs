using Agent.DirectorySync.Groups;
using Agent.DirectorySync.Links;
using Agent.Portal;
using Agent.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Agent.DirectorySync;

internal static class DirectorySyncServices
{
    /// <summary>Needs the directory, <see cref="AgentFolder"/>, <see cref="AgentOptions"/> and <see cref="PortalClient"/>.</summary>
    public static IServiceCollection AddDirectorySync(this IServiceCollection services) =>
        services
            .AddSingleton(provider => DatabaseIn(provider.GetRequiredService<AgentFolder>().Path))
            .AddSingleton<GroupStore>()
            .AddSingleton<GroupReader>()
            .AddSingleton<ForestReader>()
            .AddSingleton(provider => new PhoneFlow(provider.GetRequiredService<AgentOptions>().Sync.PhoneCountry))
            .AddSingleton<ImportStore>()
            .AddSingleton<ExportStore>()
            .AddSingleton<ConnectorSpaces>()
            .AddSingleton<LinkStore>()
            .AddSingleton<StandingReport>()
            .AddSingleton(RunOf)
            .AddHostedService<SyncTimer>();

    public static SyncDatabase DatabaseIn(string folder) => new(Path.Combine(folder, SyncDatabase.FileName));

    private static SyncRun RunOf(IServiceProvider provider) =>
        new(
            provider.GetRequiredService<AgentOptions>().Directory.Connector,
            provider.GetRequiredService<ForestReader>().ReadAsync,
            provider.GetRequiredService<PortalClient>().SyncAsync,
            provider.GetRequiredService<ImportStore>(),
            provider.GetRequiredService<ExportStore>(),
            provider.GetRequiredService<GroupStore>(),
            provider.GetRequiredService<ILogger<SyncRun>>()
        );
}
