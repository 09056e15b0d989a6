namespace PortalApp.Tests.Benchmarks;

/// <summary><c>./dev bench [NAME]</c>: the measurements that stand beside each other in one run.</summary>
internal static class BenchProgram
{
    private static readonly Dictionary<string, Func<CancellationToken, Task<int>>> Benches = [];

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [var name, ..] && !Benches.ContainsKey(name))
        {
            await Console.Error.WriteLineAsync($"No bench is called '{name}'. There are: {Names()}.");
            return 2;
        }

        if (Benches.Count == 0)
        {
            await Console.Error.WriteLineAsync("There is no bench yet.");
            return 1;
        }

        foreach (var bench in Benches.Where(b => args is not [var only, ..] || b.Key == only))
        {
            if (await bench.Value(CancellationToken.None) is var code and not 0)
            {
                return code;
            }
        }

        return 0;
    }

    private static string Names() => Benches.Count == 0 ? "none yet" : string.Join(", ", Benches.Keys);
}
