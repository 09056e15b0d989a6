using Xunit.MicrosoftTestingPlatform;

namespace PortalApp.Tests;

/// <summary>One program, three uses of the same fixtures: <c>demo</c>, <c>bench</c>, and the tests for everything else.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) =>
        args switch
        {
            ["demo", .. var rest] => Fixtures.Demo.DemoProgram.RunAsync(rest),
            ["bench", .. var rest] => Benchmarks.BenchProgram.RunAsync(rest),
            _ => TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        };
}
