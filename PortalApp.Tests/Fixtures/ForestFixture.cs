[assembly: AssemblyFixture(typeof(PortalApp.Tests.Fixtures.ForestFixture))]

namespace PortalApp.Tests.Fixtures;

/// <summary>One forest for the whole test run, started by the first test that asks; a test that breaks the directory itself starts its own.</summary>
public sealed class ForestFixture : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Repository.Scratch, "tests", $"forest-{Environment.ProcessId}");
    private readonly Lazy<Task<TestCertificates>> _certificates = new(() =>
        TestCertificates.OpenOrCreateAsync(Path.Combine(Repository.Scratch, "certificates"))
    );
    private readonly Lazy<Task<Forest>> _forest;

    public ForestFixture() =>
        _forest = new(async () => await Forest.StartNewAsync(_folder, Forest.FreeAddress(), await CertificatesAsync()));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_forest.IsValueCreated && _forest.Value.IsCompletedSuccessfully)
        {
            await (await _forest.Value).DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }

        if (_certificates.IsValueCreated && _certificates.Value.IsCompletedSuccessfully)
        {
            (await _certificates.Value).Dispose();
        }
    }

    internal Task<TestCertificates> CertificatesAsync() => _certificates.Value;

    internal Task<Forest> StartedAsync() => _forest.Value;
}
