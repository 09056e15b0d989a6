using System.Diagnostics;
using System.Globalization;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Benchmarks;

/// <summary>Start to first page, and what portal and agent hold in memory while nobody uses them.</summary>
internal static class StartBench
{
    private const int Starts = 5;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        await using var forests = new ForestFixture();
        await using var world = await LiveSystem.StartAsync(
            await forests.StartedAsync(),
            await forests.CertificatesAsync(),
            cancellation: cancellation
        );
        using var client = (await forests.CertificatesAsync()).CreateClient(world.Portal.Origin);
        List<double> seconds = [];
        for (var start = 0; start < Starts; start++)
        {
            await world.Portal.Process!.StopAsync(TimeSpan.FromSeconds(10));
            var clock = Stopwatch.StartNew();
            await world.Portal.LaunchAsync();
            await FirstPageAsync(client, cancellation);
            seconds.Add(clock.Elapsed.TotalSeconds);
        }

        await world.Agent.WaitUntilReadyAsync(cancellation);
        await Task.Delay(Idle, TimeProvider.System, cancellation);
        report.Add("start.first_page", BenchReport.Median(seconds), "s");
        report.Add("memory.portal_idle", ResidentMebibytes(world.Portal.Process!.Id), "MiB (≤ 200)");
        report.Add("memory.agent_idle", ResidentMebibytes(world.Agent.Process!.Id), "MiB (≤ 90)");
    }

    private static async Task FirstPageAsync(HttpClient client, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/reset", UriKind.Relative), cancellation);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellation);
            }
        }
    }

    private static double ResidentMebibytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }
}
