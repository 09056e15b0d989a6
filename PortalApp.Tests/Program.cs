using Xunit.MicrosoftTestingPlatform;

// Tests wait for processes, disks and pages more than they compute: on two cores twice as many at once end in two thirds of the time.
[assembly: Xunit.v3.Parallelization(MaxThreads = 4)]

namespace PortalApp.Tests;

/// <summary>One program, several uses of the same fixtures: <c>demo</c>, <c>bench</c>, <c>provider</c>, which the demo and tests start, and the tests for everything else (<c>quick</c>: the fast ones).</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) =>
        args switch
        {
            ["demo", .. var rest] => Fixtures.Demo.DemoProgram.RunAsync(rest),
            ["bench", .. var rest] => Benchmarks.BenchProgram.RunAsync(rest),
            ["provider", var file] => Fixtures.Providers.ProviderProgram.RunAsync(file),
            ["quick", .. var rest] => RunTestsAsync(QuickRun.Arguments(rest)),
            _ => RunTestsAsync(args),
        };

    private static Task<int> RunTestsAsync(string[] args)
    {
        // Each portal would watch its settings file, and a user has 128 watches.
        Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
        return TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
    }
}
