using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Writeback;
using PortalApp.Data;
using PortalApp.Tests.EndToEnd;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users;
using PortalApp.Writeback;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Benchmarks;

/// <summary>Passwords a second: the directory's own, over 1 and 8 bare LDAPS connections, beside the whole chain from a WritebackClient; rounds in turn.</summary>
internal static class WritebackBench
{
    private const int Rounds = 5;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);
    private static readonly ForestAccount[] People = [.. ForestPopulation.Staff.Skip(8)];
    private static int passwords;

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        await using var world = new World();
        await world.InitializeAsync();
        var users = await UsersAsync(world, cancellation);
        var warm = Stopwatch.StartNew();
        while (warm.Elapsed < WarmUp)
        {
            await ChainAsync(world, users, 8, cancellation);
            await BareDirectory.RateAsync(world.Forest, People, 8, users.Length);
        }

        foreach (var width in new[] { 1, 8 })
        {
            var count = width == 1 ? People.Length : 3 * People.Length;
            List<double> bare = [];
            List<double> chain = [];
            for (var round = 0; round < Rounds; round++)
            {
                bare.Add(await BareDirectory.RateAsync(world.Forest, People, width, count));
                chain.Add(
                    await ChainAsync(world, Enumerable.Range(0, count).Select(i => users[i % users.Length]).ToArray(), width, cancellation)
                );
            }

            report.Add($"writeback.bare_{width}", BenchReport.Median(bare), "sets/s");
            report.Add($"writeback.chain_{width}", BenchReport.Median(chain), "sets/s");
            var ratio = BenchReport.Median(chain) / BenchReport.Median(bare);
            if (width == 8)
            {
                report.AddRatio("writeback.ratio_8", ratio, atLeast: 0.95);
            }
            else
            {
                report.Add("writeback.ratio_1", ratio, "×");
            }
        }
    }

    private static async Task<User[]> UsersAsync(World world, CancellationToken cancellation)
    {
        await using var db = await world
            .Portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>()
            .CreateDbContextAsync(cancellation);
        var users = await db.Set<User>()
            .Where(u => u.Tenant == world.Tenant)
            .AsNoTracking()
            .ToDictionaryAsync(u => u.UserPrincipalName, cancellation);
        return [.. People.Select(p => users[p.Upn.ToLowerInvariant()])];
    }

    private static async Task<double> ChainAsync(World world, User[] users, int width, CancellationToken cancellation)
    {
        var services = world.Portal.Services;
        var watch = services.GetRequiredService<RequestWatch>();
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            users,
            new ParallelOptions { MaxDegreeOfParallelism = width, CancellationToken = cancellation },
            async (user, ct) =>
            {
                var sent = Assert.IsType<RequestAdding.Added>(await services.SetPasswordAsync(user, NewPasswordText()));
                Assert.IsType<WritebackResult.Applied>(await watch.WaitAsync(world.Tenant, sent.Id, TimeSpan.FromSeconds(60), ct));
            }
        );
        return users.Length / clock.Elapsed.TotalSeconds;
    }

    private static string NewPasswordText() =>
        string.Create(CultureInfo.InvariantCulture, $"Bench-Harbour-{Interlocked.Increment(ref passwords)}");
}
