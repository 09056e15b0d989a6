using PortalApp.Tests.Fixtures.Forests;

[assembly: AssemblyFixture(typeof(PortalApp.Tests.Fixtures.Portals.LiveSystemFixture))]

namespace PortalApp.Tests.Fixtures.Portals;

/// <summary>One whole system for the test run, started by the first test that asks; a test that kills or freezes a part starts its own.</summary>
public sealed class LiveSystemFixture : IAsyncDisposable
{
    private readonly Lock first = new();
    private Task<LiveSystem>? system;

    public async ValueTask DisposeAsync()
    {
        if (system is { IsCompletedSuccessfully: true })
        {
            await (await system).DisposeAsync();
        }
    }

    internal Task<LiveSystem> StartedAsync(ForestFixture forests)
    {
        lock (first)
        {
            return system ??= StartAsync(forests);
        }
    }

    private static async Task<LiveSystem> StartAsync(ForestFixture forests) =>
        await LiveSystem.StartAsync(await forests.StartedAsync(), await forests.CertificatesAsync());
}
