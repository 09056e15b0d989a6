[assembly: AssemblyFixture(typeof(PortalApp.Tests.Fixtures.Forests.ForestFixture))]

namespace PortalApp.Tests.Fixtures.Forests;

/// <summary>One forest for the whole test run, started by the first test that asks; a test that breaks the directory itself starts its own.</summary>
public sealed class ForestFixture : IAsyncDisposable
{
    private readonly Lazy<Task<TestCertificates>> certificates = new(() => TestCertificates.OpenOrCreateAsync(Repository.Certificates));
    private readonly Lazy<Task<Forest>> forest;

    public ForestFixture() =>
        forest = new(async () =>
            await Forest.StartNewAsync(Repository.NewFolder("forest"), Forest.FreeAddress(), await CertificatesAsync())
        );

    public async ValueTask DisposeAsync()
    {
        if (forest.IsValueCreated && forest.Value.IsCompletedSuccessfully)
        {
            var started = await forest.Value;
            await started.DisposeAsync();
            Directory.Delete(started.Folder, recursive: true);
        }

        if (certificates.IsValueCreated && certificates.Value.IsCompletedSuccessfully)
        {
            (await certificates.Value).Dispose();
        }
    }

    internal Task<TestCertificates> CertificatesAsync() => certificates.Value;

    internal Task<Forest> StartedAsync() => forest.Value;
}
