namespace PortalApp.Tests.Benchmarks;

/// <summary><c>./dev bench [NAME]</c>: what is measured stands beside the bare thing in the same run, as a ratio of medians.</summary>
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
        ["desk"] = async (report, cancellation) =>
        {
            await DeskBench.RunAsync(report, cancellation);
            await PolicyEffectBench.RunAsync(report, cancellation);
        },
    };

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [var name, ..] && !Benches.ContainsKey(name))
        {
            await Console.Error.WriteLineAsync($"No bench is called '{name}'. There are: {string.Join(", ", Benches.Keys)}.");
            return 2;
        }

        var report = new BenchReport();
        foreach (var bench in Benches.Where(b => args is not [var only, ..] || b.Key == only))
        {
            await bench.Value(report, CancellationToken.None);
            await report.SaveAsync(CancellationToken.None);
        }

        return 0;
    }
}
