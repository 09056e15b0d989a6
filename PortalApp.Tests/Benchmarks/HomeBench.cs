using System.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Tenants;
using PortalApp.Passwords;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users;

namespace PortalApp.Tests.Benchmarks;

/// <summary>
/// Whole resets of the same people, in each home that their passwords can have in turn, beside what that home cannot do without: the bare
/// directory, or where there is none, the bare hash. Rounds in turn.
/// </summary>
internal static class HomeBench
{
    private const int Rounds = 3;
    private const int Width = 8;
    private const int Count = 24;

    private static readonly PasswordManagement[] Homes =
    [
        PasswordManagement.Federated,
        PasswordManagement.PasswordHashSync,
        PasswordManagement.CloudOnly,
    ];

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        var forests = new ForestFixture();
        await using var _ = forests;
        var (forest, certificates) = (await forests.StartedAsync(), await forests.CertificatesAsync());
        await using var system = await LiveSystem.StartAsync(forest, certificates, ResetBench.WithoutCaps, cancellation);
        using var mail = new OutboxWatch(system.Portal.OutboxFolder);
        foreach (var home in Homes)
        {
            string[] lives = ["--tenant", $"{system.Tenant}", "--password-management", $"{home}"];
            await system.Portal.OperateAsync(["domain", "set", ForestPopulation.Suffix, .. lives], cancellation);
            await MeasureAsync(
                report,
                forest,
                home,
                await ResetBench.WalkersAsync((Rounds + 1) * Count, system, certificates, mail, cancellation)
            );
        }
    }

    private static async Task MeasureAsync(BenchReport report, Forest forest, PasswordManagement home, Queue<Walker> people)
    {
        List<double> bare = [];
        List<double> whole = [];
        await ResetBench.WalkAsync(people, Count, Width);
        for (var round = 0; round < Rounds; round++)
        {
            bare.Add(
                home == PasswordManagement.CloudOnly
                    ? await HashRateAsync(48)
                    : await BareDirectory.RateAsync(forest, ResetBench.People, Width, 48)
            );
            whole.Add(await ResetBench.WalkAsync(people, Count, Width));
        }

        report.Add($"home.{home}_bare", BenchReport.Median(bare), home == PasswordManagement.CloudOnly ? "hashes/s" : "sets/s");
        report.Add($"home.{home}_whole", BenchReport.Median(whole), "resets/s");
        report.Add($"home.{home}_ratio", BenchReport.Median(whole) / BenchReport.Median(bare), "×");
    }

    /// <returns>Hashes a second, of as many rounds as the portal's.</returns>
    private static async Task<double> HashRateAsync(int count)
    {
        var hasher = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = PasswordServices.HashRounds }));
        var nobody = new User { Id = "", UserPrincipalName = "nobody@invalid" };
        var clock = Stopwatch.StartNew();
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = Width },
            (_, _) =>
            {
                hasher.HashPassword(nobody, "Bare-Harbour-1");
                return ValueTask.CompletedTask;
            }
        );
        return count / clock.Elapsed.TotalSeconds;
    }
}
