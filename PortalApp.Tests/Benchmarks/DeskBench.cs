using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Administration.People;
using PortalApp.Data;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users;

namespace PortalApp.Tests.Benchmarks;

/// <summary>The desk's search and table among a hundred thousand people, on each database.</summary>
internal static class DeskBench
{
    private const int Typists = 150;

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        await using var server = new RunServer();
        foreach (var kind in Enum.GetValues<DatabaseKind>())
        {
            await OnAsync(kind, report, cancellation);
        }
    }

    private static async Task OnAsync(DatabaseKind kind, BenchReport report, CancellationToken cancellation)
    {
        await using var database = await TestDatabase.NewAsync(Repository.NewFolder($"bench-desk-{kind}"), kind);
        await using var portal = await RunningPortal.StartAsync(
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
        var databases = portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>();
        await DeskPeople.AddAsync(databases, tenant, cancellation);
        await OverviewBench.AddEntriesAsync(databases, tenant, cancellation);
        await SettleAsync(databases, kind, cancellation);

        var name = $"desk.{kind.ToString().ToLowerInvariant()}";
        await OverviewBench.RunAsync(portal, tenant, name, report, cancellation);
        await SearchAsync(portal, tenant, name, report, cancellation);
        await TableAsync(portal, tenant, name, report, cancellation);
    }

    /// <summary>What the server does by itself after so many rows came; the one of tests does not.</summary>
    private static async Task SettleAsync(IDbContextFactory<PortalDb> databases, DatabaseKind kind, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (kind == DatabaseKind.PostgreSql)
        {
            await db.Database.ExecuteSqlRawAsync("VACUUM ANALYZE", cancellation);
        }
    }

    /// <summary>As one types, a letter at a time.</summary>
    private static async Task SearchAsync(
        WebApplication portal,
        TenantId tenant,
        string name,
        BenchReport report,
        CancellationToken cancellation
    )
    {
        var search = portal.Services.GetRequiredService<UserSearch>();
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(cancellation);
        var people = await db.Set<User>().Include(u => u.Contacts).OrderBy(u => u.Id).Take(Typists).ToListAsync(cancellation);
        string[] texts = [.. people.SelectMany((user, i) => new[] { Typed(user, i % 4) })];
        List<double> letters = [];
        List<double> lookUps = [];
        foreach (var isMeasured in new[] { false, true })
        {
            foreach (var text in texts)
            {
                for (var length = 1; length <= Math.Min(text.Length, 8); length++)
                {
                    var began = Stopwatch.GetTimestamp();
                    await search.FindAsync(tenant, UserQuery.Of(text[..length], null, null, null), cancellation);
                    Keep(isMeasured, letters, began);
                }

                var whole = Stopwatch.GetTimestamp();
                var found = await search.FindAsync(tenant, UserQuery.Of(text, null, null, null), cancellation);
                Keep(isMeasured, lookUps, whole);
                Assert.NotEmpty(found.Users);
            }
        }

        report.Add($"{name}.letter_p95", Percentile(letters, 95), "ms (≤ 50)");
        report.Add($"{name}.look_up_p99", Percentile(lookUps, 99), "ms (≤ 10)");
    }

    private static async Task TableAsync(
        WebApplication portal,
        TenantId tenant,
        string name,
        BenchReport report,
        CancellationToken cancellation
    )
    {
        var search = portal.Services.GetRequiredService<UserSearch>();
        var standings = portal.Services.GetRequiredService<UserStanding>();
        int[] pages = [1, 2, 10, 40, DeskPeople.Count / UserQuery.PageSize];
        List<double> shown = [];
        for (var round = 0; round < 6; round++)
        {
            foreach (var page in pages)
            {
                foreach (var sort in new[] { "name", "-id" })
                {
                    var began = Stopwatch.GetTimestamp();
                    var found = await search.FindAsync(tenant, UserQuery.Of(null, null, sort, page), cancellation);
                    await standings.OfAsync(tenant, found.Users, cancellation);
                    Keep(round > 0, shown, began);
                }
            }
        }

        report.Add($"{name}.page_p95", Percentile(shown, 95), "ms (≤ 100)");
    }

    private static string Typed(User user, int what) =>
        what switch
        {
            0 => user.UserPrincipalName,
            1 => user.DisplayName!,
            2 => user.Contacts.First(c => c.Field == ContactField.MobilePhone).Value,
            _ => user.Contacts.FirstOrDefault(c => c.Field == ContactField.AlternateEmailAddresses)?.Value ?? user.UserPrincipalName,
        };

    private static void Keep(bool isMeasured, List<double> values, long began)
    {
        if (isMeasured)
        {
            values.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    private static double Percentile(List<double> values, int percent) => values.Order().ElementAt((values.Count - 1) * percent / 100);
}
