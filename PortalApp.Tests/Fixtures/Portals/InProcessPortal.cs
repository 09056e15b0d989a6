using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Data;
using PortalApp.Tests.Fixtures.Databases;

namespace PortalApp.Tests.Fixtures.Portals;

/// <summary>The real portal inside the test process, on a real port: its clock can be moved, its calls held, and it can be restarted on its data.</summary>
internal sealed class InProcessPortal : IAsyncDisposable
{
    private readonly Dictionary<string, string?> settings;
    private readonly CapturedLog log = new();
    private TestDatabase? database;
    private WebApplication? app;

    private InProcessPortal(string folder, TestCertificates certificates)
    {
        Folder = folder;
        Certificates = certificates;
        Origin = new Uri($"https://localhost:{Loopback.FreePort()}");
        var tls = certificates.Issue(Path.Combine(folder, "tls"), "portal", ["localhost"], [IPAddress.Loopback, IPAddress.IPv6Loopback]);
        settings = new Dictionary<string, string?>
        {
            ["Portal:Origin"] = Address,
            ["Portal:DataDirectory"] = DataDirectory,
            ["Urls"] = Address,
            ["Kestrel:Certificates:Default:Path"] = tls.CertificateFile,
            ["Kestrel:Certificates:Default:KeyPath"] = tls.KeyFile,
        };
    }

    public string Folder { get; }

    public string DataDirectory => Path.Combine(Folder, "data");

    public TestCertificates Certificates { get; }

    public Uri Origin { get; }

    public string Address => Origin.GetLeftPart(UriPartial.Authority);

    public ShiftedClock Clock { get; } = new();

    public CallHolds Holds { get; } = new();

    public IServiceProvider Services => app!.Services;

    /// <summary>Every line that the portal logged, over restarts.</summary>
    public string Log => log.Text;

    public static Task<InProcessPortal> StartAsync(TestCertificates certificates, CancellationToken cancellation = default) =>
        StartAsync(certificates, new Dictionary<string, string?>(), cancellation);

    /// <param name="changed">Configuration that differs from the usual; null takes a value away.</param>
    public static async Task<InProcessPortal> StartAsync(
        TestCertificates certificates,
        IReadOnlyDictionary<string, string?> changed,
        CancellationToken cancellation = default
    )
    {
        var portal = new InProcessPortal(Repository.NewFolder("portal"), certificates);
        if (OnPostgreSqlAttribute.OfThisTest == DatabaseKind.PostgreSql)
        {
            portal.database = await TestDatabase.NewAsync(portal.DataDirectory);
            foreach (var (key, value) in portal.database.Settings)
            {
                portal.settings[key] = value;
            }
        }

        foreach (var (key, value) in changed)
        {
            portal.settings[key] = value;
        }

        await portal.StartAsync(cancellation);
        return portal;
    }

    public async Task<PortalDb> OpenDatabaseAsync() =>
        await Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();

    public async Task StopAsync()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
            app = null;
        }
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync(CancellationToken.None);
    }

    /// <summary>One of the operator's commands on the same data, with what it printed.</summary>
    public async Task<string> OperateAsync(params string[] arguments)
    {
        var outcome = await OperatorRun.RunAsync(arguments, RunningPortal.ArgumentsOf(Folder, settings));
        return outcome.ExitCode == 0 ? outcome.Output.Trim() : throw new InvalidOperationException(outcome.Error);
    }

    public HttpClient CreateClient() => Certificates.CreateClient(Origin);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Holds.Dispose();
        if (database is not null)
        {
            await database.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await Folders.DeleteAsync(Folder);
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        app = await RunningPortal.StartAsync(
            Folder,
            settings,
            Clock,
            log,
            builder => builder.Services.AddSingleton<IStartupFilter>(Holds),
            cancellation: cancellation
        );
    }
}
