using System.Globalization;
using System.Text.Json;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Benchmarks;

/// <summary>Collects the figures of one run, prints each as it comes, and keeps all in <c>.demo/bench.json</c>.</summary>
internal sealed class BenchReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly Dictionary<string, double> figures = [];

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    public void Add(string name, double value, string unit)
    {
        figures[name] = Math.Round(value, 3);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name, -44} {value, 12:0.###} {unit}"));
    }

    /// <param name="atLeast">What the project promises of this ratio.</param>
    public void AddRatio(string name, double ratio, double atLeast)
    {
        figures[name] = Math.Round(ratio, 3);
        var verdict = ratio >= atLeast ? "met" : "MISSED";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name, -44} {ratio, 12:0.000} × (≥ {atLeast:0.00}: {verdict})"));
    }

    /// <param name="atMost">What the project promises of this ratio.</param>
    public void AddCost(string name, double ratio, double atMost)
    {
        figures[name] = Math.Round(ratio, 3);
        var verdict = ratio <= atMost ? "met" : "MISSED";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name, -44} {ratio, 12:0.000} × (≤ {atMost:0.00}: {verdict})"));
    }

    public async Task SaveAsync(CancellationToken cancellation)
    {
        var file = Path.Combine(Repository.Scratch, "bench.json");
        var before = File.Exists(file)
            ? JsonSerializer.Deserialize<Dictionary<string, double>>(await File.ReadAllTextAsync(file, cancellation)) ?? []
            : [];
        foreach (var (name, value) in figures)
        {
            before[name] = value;
        }

        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(before, Indented), cancellation);
    }
}
