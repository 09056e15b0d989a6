namespace PortalApp.Tests.Fixtures;

/// <summary>Where things lie in this checkout, found from the test assembly's own folder.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Everything that a demo, a test run or a bench leaves behind; ignored by git.</summary>
    public static string Scratch { get; } = Path.Combine(Root, ".demo");

    /// <summary>The built program of another project, in the configuration of this one.</summary>
    public static string Program(string project)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(Root, project, "bin", framework.Parent!.Name, framework.Name, project + ".dll");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PortalApp.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No PortalApp.sln above {AppContext.BaseDirectory}.");
    }
}
