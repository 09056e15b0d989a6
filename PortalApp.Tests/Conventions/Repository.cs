using System.Runtime.CompilerServices;

namespace PortalApp.Tests.Conventions;

/// <summary>The source tree that this assembly was built from.</summary>
internal static class Repository
{
    private static readonly string[] Skipped = ["bin", "obj", ".demo", "Migrations", "lib", "TestResults"];

    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> Files(params string[] extensions) =>
        new[] { "Shared", "PortalApp", "Agent", "PortalApp.Tests" }
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Root, project), "*", SearchOption.AllDirectories))
            .Where(file => extensions.Contains(Path.GetExtension(file)) && !Skipped.Intersect(Relative(file).Split('/')).Any());

    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static string FindRoot([CallerFilePath] string here = "")
    {
        for (var folder = Path.GetDirectoryName(here); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "PortalApp.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("PortalApp.sln is not above the source of the tests.");
    }
}
