using PortalApp.Tests.Fixtures.Forests;

namespace PortalApp.Tests.Benchmarks;

/// <summary>What others notice of those who mean harm, each in a portal of its own.</summary>
internal static class HostileBench
{
    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        await using var forests = new ForestFixture();
        var certificates = await forests.CertificatesAsync();
        await StalledBench.RunAsync(report, certificates, cancellation);
        await HammeredBench.RunAsync(report, cancellation);
        await MailBench.RunAsync(report, certificates, cancellation);
        await GuessBench.RunAsync(report, cancellation);
    }
}
