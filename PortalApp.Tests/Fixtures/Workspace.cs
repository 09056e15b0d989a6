using System.Globalization;
using PortalApp.Tests.Conventions;

namespace PortalApp.Tests.Fixtures;

/// <summary>Where a run finds the built programs, and where it leaves things.</summary>
internal static class Workspace
{
    private static readonly string Runs = Path.Combine(Repository.Root, ".demo", "tests");
    private static readonly Lazy<bool> Swept = new(SweepDeadRuns);
    private static int count;

    /// <summary>Everything that a demo, a test run or a bench leaves behind; ignored by git.</summary>
    public static string Scratch { get; } = Path.Combine(Repository.Root, ".demo");

    public static string Certificates { get; } = Path.Combine(Scratch, "certificates");

    /// <summary>The built program of another project, in the configuration of this one.</summary>
    public static string Program(string project)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(Repository.Root, project, "bin", framework.Parent!.Name, framework.Name, project + ".dll");
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
}
