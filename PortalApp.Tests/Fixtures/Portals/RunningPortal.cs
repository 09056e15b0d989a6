using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PortalApp.Tests.Fixtures.Portals;

/// <summary>The portal as it runs, built by its own program in this process, but for the clock, the log and what a test changes.</summary>
internal static class RunningPortal
{
    /// <param name="folder">In which its mail goes to a folder.</param>
    /// <param name="settings">Where it listens and keeps its data, and what differs from the usual; null takes a value away.</param>
    public static async Task<WebApplication> StartAsync(
        string folder,
        IReadOnlyDictionary<string, string?> settings,
        TimeProvider clock,
        CapturedLog log,
        Action<WebApplicationBuilder>? change = null,
        Action<WebApplication>? routes = null,
        CancellationToken cancellation = default
    )
    {
        var app = PortalProgram.Build(
            ArgumentsOf(folder, settings),
            builder =>
            {
                builder.Logging.ClearProviders().AddProvider(log);
                builder.Services.AddSingleton(clock);
                change?.Invoke(builder);
            }
        );
        routes?.Invoke(app);
        await PortalProgram.PrepareAsync(app.Services, cancellation);
        await app.StartAsync(cancellation);
        return app;
    }

    /// <summary>As on the command line: what all portals of tests are told, but for what this one is told otherwise.</summary>
    public static string[] ArgumentsOf(string folder, IReadOnlyDictionary<string, string?> settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["environment"] = "Development",
            ["applicationName"] = "PortalApp",
            ["contentRoot"] = Path.Combine(Repository.Root, "PortalApp"),
            ["Mail:Outbox"] = Path.Combine(folder, "outbox"),
            ["Mail:From"] = "no-reply@portal.example",
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return [.. all.Where(s => s.Value is not null).Select(s => $"--{s.Key}={s.Value}")];
    }

    public static string AddressOf(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
}
