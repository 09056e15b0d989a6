using Xunit.MicrosoftTestingPlatform;

namespace PortalApp.Tests;

/// <summary>One program, three uses of the same fixtures: <c>demo</c>, <c>bench</c>, and the tests for everything else (<c>quick</c>: the fast ones).</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) =>
        args switch
        {
            ["demo", .. var rest] => Fixtures.Demo.DemoProgram.RunAsync(rest),
            ["bench", .. var rest] => Benchmarks.BenchProgram.RunAsync(rest),
            ["quick", .. var rest] => RunTestsAsync(QuickRun.Arguments(rest)),
            _ => RunTestsAsync(args),
        };

    private static Task<int> RunTestsAsync(string[] args) =>
        TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
