using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Conventions;

/// <summary>The files that people of this project wrote: no build output, migrations or vendored libraries.</summary>
internal static class SourceFiles
{
    private static readonly string[] Skipped = ["bin", "obj", "Migrations", "lib", "TestResults"];

    public static IEnumerable<string> With(params string[] extensions) =>
        new[] { "Shared", "PortalApp", "Agent", "PortalApp.Tests" }
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Repository.Root, project), "*", SearchOption.AllDirectories))
            .Where(file => extensions.Contains(Path.GetExtension(file)) && !Skipped.Intersect(Relative(file).Split('/')).Any());

    public static string Relative(string file) => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');
}
