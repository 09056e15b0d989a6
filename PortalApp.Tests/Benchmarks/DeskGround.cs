using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Benchmarks;

/// <summary>A portal on one of the databases, with <see cref="DeskPeople"/> in its tenant.</summary>
internal sealed class DeskGround : IAsyncDisposable
{
    private const int Times = 9;
    private readonly TestDatabase database;
    private readonly WebApplication portal;
    private readonly DatabaseKind kind;

    private DeskGround(TestDatabase database, WebApplication portal, DatabaseKind kind, TenantId tenant) =>
        (this.database, this.portal, this.kind, Tenant) = (database, portal, kind, tenant);

    public TenantId Tenant { get; }

    /// <summary>What the figures' names begin with.</summary>
    public string Name => $"desk.{kind.ToString().ToLowerInvariant()}";

    public IDbContextFactory<PortalDb> Databases => The<IDbContextFactory<PortalDb>>();

    public static async Task OnEachAsync(Func<DeskGround, Task> measure, CancellationToken cancellation)
    {
        foreach (var kind in Enum.GetValues<DatabaseKind>())
        {
            await using var ground = await StartAsync(kind, cancellation);
            await measure(ground);
        }
    }

    public T The<T>()
        where T : notnull => portal.Services.GetRequiredService<T>();

    /// <summary>What the server does by itself after so many rows came; the one of tests does not.</summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        await using var db = await Databases.CreateDbContextAsync(cancellation);
        if (kind == DatabaseKind.PostgreSql)
        {
            await db.Database.ExecuteSqlRawAsync("VACUUM ANALYZE", cancellation);
        }
    }

    /// <summary>Of some times after a first, in milliseconds.</summary>
    public static async Task<double> MedianAsync(Func<Task> measured)
    {
        await measured();
        List<double> took = [];
        for (var i = 0; i < Times; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await measured();
            took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return BenchReport.Median(took);
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await database.DisposeAsync();
    }

    private static async Task<DeskGround> StartAsync(DatabaseKind kind, CancellationToken cancellation)
    {
        var database = await TestDatabase.NewAsync(Repository.NewFolder($"bench-desk-{kind}"), kind);
        var portal = await RunningPortal.StartAsync(
            database.Folder,
            new Dictionary<string, string?>(database.Settings) { ["Portal:Origin"] = PortalHost.Origin, ["Urls"] = "https://127.0.0.1:0" },
            TimeProvider.System,
            new CapturedLog(),
            builder => builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, 0)),
            cancellation: cancellation
        );
        var tenant = (
            await portal.Services.AddTenantAsync(new("Corp", "+31 201234567", null, null), ("corp.test", PasswordManagement.Federated))
        ).Id;
        var ground = new DeskGround(database, portal, kind, tenant);
        await DeskPeople.AddAsync(ground.Databases, tenant, cancellation);
        await ground.SettleAsync(cancellation);
        return ground;
    }
}
