using System.Diagnostics;
using System.Net;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.Benchmarks;

/// <summary>
/// Whole resets over HTTP, as a person feels them (form, captcha solved before, mail, code, check, password, result page), beside the bare
/// directory's own rate; rounds in turn. One at a time also tells the portal's own processor time for each step.
/// </summary>
internal static class ResetBench
{
    private const int Rounds = 3;
    public static readonly ForestAccount[] People = [.. ForestPopulation.Staff.Skip(8)];
    private static int networks;

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        var forests = new ForestFixture();
        await using var _ = forests;
        var (forest, certificates) = (await forests.StartedAsync(), await forests.CertificatesAsync());
        await using var system = await LiveSystem.StartAsync(forest, certificates, WithoutCaps, cancellation);
        using var mail = new OutboxWatch(system.Portal.OutboxFolder);
        var people = await WalkersAsync((Rounds * (10 + 48)) + 48, system, certificates, mail, cancellation);
        await WalkAsync(people, 48, 8);
        await BareDirectory.RateAsync(forest, People, 8, 96);
        foreach (var (width, count) in new[] { (1, 10), (8, 48) })
        {
            await MeasureAsync(report, forest, system, people, width, count);
        }
    }

    /// <summary>So many sets as here no directory is asked for by people.</summary>
    public static AgentSetup WithoutCaps(AgentSetup setup) => setup with { SetsPerMinute = 6000, SetsPerAccountPerHour = 500 };

    private static async Task MeasureAsync(BenchReport report, Forest forest, LiveSystem system, Queue<Walker> people, int width, int count)
    {
        List<double> bare = [];
        List<double> whole = [];
        var steps = width == 1 ? new ProcessorSteps(system.Portal.Process!.Id) : null;
        for (var round = 0; round < Rounds; round++)
        {
            bare.Add(await BareDirectory.RateAsync(forest, People, width, width == 1 ? 30 : 96));
            whole.Add(await WalkAsync(people, count, width, steps));
        }

        report.Add($"reset.bare_{width}", BenchReport.Median(bare), "sets/s");
        report.Add($"reset.whole_{width}", BenchReport.Median(whole), "resets/s");
        var ratio = BenchReport.Median(whole) / BenchReport.Median(bare);
        if (width == 8)
        {
            report.AddRatio("reset.ratio_8", ratio, atLeast: 0.6);
        }
        else
        {
            report.Add("reset.ratio_1", ratio, "×");
        }

        foreach (var (step, milliseconds) in steps?.Medians ?? [])
        {
            report.Add($"reset.processor_{step}", milliseconds, "ms");
        }
    }

    /// <summary>Captchas are solved here, before the clock runs: their cost is the browser's.</summary>
    public static async Task<Queue<Walker>> WalkersAsync(
        int count,
        LiveSystem system,
        TestCertificates certificates,
        OutboxWatch mail,
        CancellationToken cancellation
    )
    {
        var made = new Walker[count];
        await Parallel.ForAsync(
            0,
            count,
            cancellation,
            async (i, ct) =>
            {
                var http = certificates.CreateClient(system.Portal.Origin, keepsCookies: false, from: NewNetwork());
                var solution = await CaptchaSolver.SolveAsync(http, ct);
                made[i] = new Walker(new Person(http), People[i % People.Length], solution, mail);
            }
        );
        return new(made);
    }

    /// <summary>Each person comes from a network of their own, as people do.</summary>
    private static IPAddress NewNetwork()
    {
        var number = Interlocked.Increment(ref networks);
        return new([127, 77, (byte)(number % 250), 1]);
    }

    /// <returns>Resets a second.</returns>
    public static async Task<double> WalkAsync(Queue<Walker> people, int count, int width, ProcessorSteps? steps = null)
    {
        var walkers = Enumerable.Range(0, count).Select(_ => people.Dequeue()).ToArray();
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            walkers,
            new ParallelOptions { MaxDegreeOfParallelism = width },
            async (walker, _) => await walker.WalkAsync(steps)
        );
        var seconds = clock.Elapsed.TotalSeconds;
        Array.ForEach(walkers, walker => walker.Dispose());
        return count / seconds;
    }
}
