using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PortalApp.Audit;
using PortalApp.Audit.Chain;
using PortalApp.Authenticators;
using PortalApp.Captcha;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.Gates.Questions;
using PortalApp.Notifications;
using PortalApp.Secrets;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Throttle;

namespace PortalApp.Tests.Gates;

/// <summary>Gates and captcha on a real database and a real port, with a clock that the test moves. A second one on the same database is the portal restarted, or another beside it.</summary>
internal sealed class GatePortal : IAsyncDisposable
{
    /// <summary>The caller's address, as a test says it.</summary>
    public const string AddressHeader = "X-Test-Address";
    private readonly WebApplication app;
    private readonly TestDatabase database;
    private bool ownsDatabase = true;

    private GatePortal(WebApplication app, FakeTimeProvider clock, TestDatabase database)
    {
        this.app = app;
        this.database = database;
        Clock = clock;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Address = new Uri(address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        Http = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        Http.BaseAddress = Address;
    }

    public FakeTimeProvider Clock { get; }

    /// <summary>Of the gate that the steps go through.</summary>
    public GateMethod Method { get; set; } = GateMethod.AlternateEmail;
    public Uri Address { get; }
    public HttpClient Http { get; }
    public IServiceProvider Services => app.Services;
    public CodeGate Gate => (CodeGate)Services.GetServices<IGate>().Of(Method);
    public ThrottleStore Throttle => Services.GetRequiredService<ThrottleStore>();
    public CaptchaVerifier Captcha => Services.GetRequiredService<CaptchaVerifier>();

    /// <param name="served">By which messages can leave; unless told, all.</param>
    public static async Task<GatePortal> StartAsync(
        Action<WebApplication>? routes = null,
        FakeTimeProvider? clock = null,
        IReadOnlyCollection<MessageChannel>? served = null
    ) =>
        await StartAsync(
            await TestDatabase.NewAsync(Directory.CreateTempSubdirectory("gates").FullName),
            clock ?? new(new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero)),
            routes,
            served
        );

    /// <summary>A second portal on the same database and clock.</summary>
    public async Task<GatePortal> BesideAsync()
    {
        var other = await StartAsync(database, Clock, routes: null);
        other.ownsDatabase = false;
        return other;
    }

    /// <summary>The same database and clock in a new process, as far as a test can have one.</summary>
    public async Task<GatePortal> RestartAsync()
    {
        await StopAsync();
        return await StartAsync(database, Clock, routes: null);
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
        if (ownsDatabase)
        {
            await database.DisposeAsync();
            await Folders.DeleteAsync(database.Folder);
        }
    }

    public async Task<T> WithDbAsync<T>(Func<PortalDb, Task<T>> work)
    {
        await using var db = await Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        return await work(db);
    }

    private static async Task<GatePortal> StartAsync(
        TestDatabase database,
        FakeTimeProvider clock,
        Action<WebApplication>? routes,
        IReadOnlyCollection<MessageChannel>? served = null
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddHttpClient();
        builder.Services.AddSingleton(Limits.Standard with { CaptchaRounds = 10 });
        builder.Services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1);
        GateGround.Add(builder, database);
        builder.Services.AddSingleton(new ServedChannels(served ?? Enum.GetValues<MessageChannel>()));
        builder.AddThrottle();
        builder.AddAuthenticators();
        builder.AddGates();
        builder.AddAudit();
        builder.Services.AddSingleton<AuditKeySource>(services => () => services.GetRequiredService<PortalKeys>().Audit);
        builder.AddCaptcha();
        var app = builder.Build();
        await app.Services.GetRequiredService<PortalKeys>().LoadAsync(CancellationToken.None);
        await AddTenantAsync(app.Services);

        app.Use(TakeAddressFromHeader);
        app.MapCaptcha();
        routes?.Invoke(app);
        await app.StartAsync();
        return new GatePortal(app, clock, database);
    }

    /// <summary>Whose people stand before the gates.</summary>
    private static async Task AddTenantAsync(IServiceProvider services)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        if (!await db.Set<Tenant>().AnyAsync())
        {
            var tenant = new Tenant { Name = "Corp", HelpdeskPhone = "+31 201234567" };
            db.Add(tenant);
            await db.SaveChangesAsync();
            QuestionStore.Begin(db, tenant.Id);
            await db.SaveChangesAsync();
        }
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
