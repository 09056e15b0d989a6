using System.Diagnostics;
using System.Net;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.Layout;

namespace PortalApp.Tests.Benchmarks;

/// <summary>Two thousand connections that stall, five hundred of each kind: what they cost the portal, and what others notice.</summary>
internal static class StalledBench
{
    private const int OfEachKind = 500;

    /// <summary>What the first of a kind cost, such as code that is compiled, is no cost of their number.</summary>
    private const int OfFirst = 50;
    private const int Pages = 300;

    public static async Task RunAsync(BenchReport report, TestCertificates certificates, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("hostile").FullName;
        await using var portal = new PortalProcess(folder, Path.Combine(folder, "portal.log"), Loopback.FreePort(), certificates);
        await portal.StartAsync(cancellation);
        using var anna = certificates.CreateClient(portal.Origin, from: IPAddress.Parse("127.200.1.1"));
        await PageMillisecondsAsync(anna, cancellation);
        using (await StalledCalls.BeginAsync(OfFirst, portal.Origin.Port, certificates.Trust, cancellation))
        {
            await PageMillisecondsAsync(anna, cancellation);
        }

        var (before, calm) = (portal.ResidentMebibytes, await PageMillisecondsAsync(anna, cancellation));

        using var stalled = await StalledCalls.BeginAsync(OfEachKind, portal.Origin.Port, certificates.Trust, cancellation);
        var after = portal.ResidentMebibytes;
        var beside = await PageMillisecondsAsync(anna, cancellation);

        report.Add("hostile.stalled_memory", after - before, "MiB (≤ 50)");
        report.Add("hostile.page_p95_calm", calm, "ms");
        report.Add("hostile.page_p95_beside_2000", beside, "ms");
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The 95th percentile.</summary>
    private static async Task<double> PageMillisecondsAsync(HttpClient client, CancellationToken cancellation)
    {
        var times = new List<double>();
        for (var page = 0; page < Pages; page++)
        {
            var clock = Stopwatch.StartNew();
            using var answer = await client.GetAsync(new Uri("/reset", UriKind.Relative), cancellation);
            answer.EnsureSuccessStatusCode();
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        return times.Order().ElementAt((int)(Pages * 0.95));
    }
}
