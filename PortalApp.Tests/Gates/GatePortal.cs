using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PortalApp.Captcha;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Secrets;
using PortalApp.Throttle;

namespace PortalApp.Tests.Gates;

/// <summary>Gates and captcha on a real database file and a real port, with a clock that the test moves. A second one on the same folder is the portal restarted.</summary>
internal sealed class GatePortal : IAsyncDisposable
{
    /// <summary>The caller's address, as a test says it.</summary>
    public const string AddressHeader = "X-Test-Address";
    private readonly WebApplication app;

    private GatePortal(WebApplication app, FakeTimeProvider clock, string folder)
    {
        this.app = app;
        Clock = clock;
        Folder = folder;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Address = new Uri(address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        Http = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        Http.BaseAddress = Address;
    }

    public FakeTimeProvider Clock { get; }
    public string Folder { get; }
    public Uri Address { get; }
    public HttpClient Http { get; }
    public IServiceProvider Services => app.Services;
    public IGate Gate => Services.GetRequiredService<IGate>();
    public ThrottleStore Throttle => Services.GetRequiredService<ThrottleStore>();
    public CaptchaVerifier Captcha => Services.GetRequiredService<CaptchaVerifier>();

    public static Task<GatePortal> StartAsync(Action<WebApplication>? routes = null, FakeTimeProvider? clock = null) =>
        StartAsync(Directory.CreateTempSubdirectory("gates").FullName, clock ?? new(new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero)), routes);

    /// <summary>The same database and clock in a new process, as far as a test can have one.</summary>
    public async Task<GatePortal> RestartAsync()
    {
        await StopAsync();
        return await StartAsync(Folder, Clock, routes: null);
    }

    public async Task StopAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }

    public async Task<T> WithDbAsync<T>(Func<PortalDb, Task<T>> work)
    {
        await using var db = await Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        return await work(db);
    }

    private static async Task<GatePortal> StartAsync(string folder, FakeTimeProvider clock, Action<WebApplication>? routes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddHttpClient();
        builder.Services.AddSingleton(Limits.Standard with { CaptchaRounds = 10 });
        GateGround.Add(builder, folder);
        builder.AddThrottle();
        builder.AddGates();
        builder.AddCaptcha();
        var app = builder.Build();
        await using (var db = await app.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync())
        {
            await db.Database.EnsureCreatedAsync();
        }

        await app.Services.GetRequiredService<PortalKeys>().LoadAsync(CancellationToken.None);

        app.Use(TakeAddressFromHeader);
        app.MapCaptcha();
        routes?.Invoke(app);
        await app.StartAsync();
        return new GatePortal(app, clock, folder);
    }

    private static Task TakeAddressFromHeader(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers[AddressHeader].FirstOrDefault() is { } address)
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        }

        return next(context);
    }
}
