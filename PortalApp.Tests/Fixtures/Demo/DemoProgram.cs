namespace PortalApp.Tests.Fixtures.Demo;

internal static class DemoProgram
{
    public static Task<int> RunAsync(string[] args) => Task.FromResult(args.Length);
}
