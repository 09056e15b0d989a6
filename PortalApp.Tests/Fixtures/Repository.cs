using System.Globalization;

namespace PortalApp.Tests.Fixtures;

/// <summary>Where things lie in this checkout, found from the test assembly's own folder: source, built programs, and what a run leaves.</summary>
internal static class Repository
{
    private static readonly Lazy<bool> Swept = new(SweepDeadRuns);
    private static int count;

    public static string Root { get; } = FindRoot();

    /// <summary>Everything that a demo, a test run or a bench leaves behind; ignored by git.</summary>
    public static string Scratch { get; } = Path.Combine(Root, ".demo");

    public static string Certificates { get; } = Path.Combine(Scratch, "certificates");

    private static string Runs => Path.Combine(Scratch, "tests");

    /// <summary>Programs as an operator publishes them, laid by <c>./dev bench</c>.</summary>
    public static string Published { get; } = Path.Combine(Scratch, "published");

    /// <summary>Whether the programs that run are the published ones.</summary>
    public static bool RunsPublished { get; set; }

    /// <summary>The program of another project: built in the configuration of this one, or published.</summary>
    public static string Program(string project)
    {
        if (RunsPublished)
        {
            return Path.Combine(Published, project, project + ".dll");
        }

        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(Root, project, "bin", framework.Parent!.Name, framework.Name, project + ".dll");
    }

    /// <summary>An empty folder of this process alone; a later run removes it when this one could not.</summary>
    public static string NewFolder(string name)
    {
        _ = Swept.Value;
        return Directory.CreateDirectory(Path.Combine(Runs, $"{Environment.ProcessId}-{Interlocked.Increment(ref count)}-{name}")).FullName;
    }

    private static bool SweepDeadRuns()
    {
        foreach (var folder in Directory.Exists(Runs) ? Directory.GetDirectories(Runs) : [])
        {
            var owner = Path.GetFileName(folder).Split('-')[0];
            if (!int.TryParse(owner, CultureInfo.InvariantCulture, out _) || !Directory.Exists($"/proc/{owner}"))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return true;
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
