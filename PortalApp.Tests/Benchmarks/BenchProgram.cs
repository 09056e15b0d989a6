using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;

namespace PortalApp.Tests.Benchmarks;

/// <summary><c>./dev bench [NAME [PART]]</c>: what is measured stands beside the bare thing in the same run, as a ratio of medians.</summary>
internal static class BenchProgram
{
    private static readonly Dictionary<string, Func<BenchReport, CancellationToken, Task>> Benches = new()
    {
        ["writeback"] = WritebackBench.RunAsync,
        ["reset"] = ResetBench.RunAsync,
        ["home"] = HomeBench.RunAsync,
        ["page"] = PageBench.RunAsync,
        ["start"] = StartBench.RunAsync,
        ["relay"] = RelayBench.RunAsync,
        ["audit"] = AuditBench.RunAsync,
        ["hostile"] = HostileBench.RunAsync,
        ["gates"] = GateBench.RunAsync,
        ["desk people"] = DeskBench.RunAsync,
        ["desk overview"] = OverviewBench.RunAsync,
        ["desk policies"] = PolicyEffectBench.RunAsync,
        ["desk field"] = FieldBench.RunAsync,
        ["desk circuits"] = CircuitBench.RunAsync,
        ["desk sign-in"] = SignInBench.RunAsync,
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var name = string.Join(' ', args);
        var asked = Benches.Where(b => name is "" || b.Key == name || b.Key.StartsWith($"{name} ", StringComparison.Ordinal)).ToList();
        if (asked.Count == 0)
        {
            await Console.Error.WriteLineAsync($"No bench is called '{name}'. There are: {string.Join(", ", Benches.Keys)}.");
            return 2;
        }

        Repository.RunsPublished = Directory.Exists(Repository.Published);
        await using var server = new RunServer();
        var report = new BenchReport();
        foreach (var bench in asked)
        {
            await bench.Value(report, CancellationToken.None);
            await report.SaveAsync(CancellationToken.None);
        }

        return 0;
    }
}
