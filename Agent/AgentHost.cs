using Agent.Certificates;
using Agent.Directory;
using Agent.DirectorySync;
using Agent.Enrolment;
using Agent.Portal;
using Agent.Relay;
using Agent.Status;
using Agent.Store;
using Agent.Writeback;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Agent;

/// <summary>The running agent: a line per slice.</summary>
internal static class AgentHost
{
    public static IHost Build(string folder, AgentOptions options, AgentIdentity identity, Action<HostApplicationBuilder>? configure = null)
    {
        // No file and no variable of the surroundings configures an agent: agent.json is all there is.
        var builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = "portal-agent", ContentRootPath = folder });
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        builder
            .Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(15))
            .AddSystemd()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(options)
            .AddSingleton(identity)
            .AddSingleton(new AgentFolder(folder))
            .AddStatus()
            .AddPortalHttp(options.Portal, CertificateBundle.Read(options.PortalCa))
            .AddPortal()
            .AddStore()
            .AddDirectory()
            .AddWriteback()
            .AddEnrolment(folder)
            .AddDirectorySync()
            .AddRelay();
        configure?.Invoke(builder);
        return builder.Build();
    }
}
