using System.Globalization;

namespace PortalApp.Tests.Fixtures.Demo;

/// <summary>Processes by id and start time, so that an id that the kernel gave to another program is never mistaken for ours.</summary>
internal static class ProcessList
{
    /// <param name="children">Beside the caller itself, which comes first as <c>supervisor</c>.</param>
    public static void Write(string file, IEnumerable<(string Name, int Id)> children)
    {
        var running = children.Prepend(("supervisor", Environment.ProcessId)).Select(p => Line(p.Item1, p.Item2)).OfType<string>();
        AtomicFile.Write(file, $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}\n{string.Join('\n', running)}\n");
    }

    /// <summary>Null for a process that has ended meanwhile.</summary>
    private static string? Line(string name, int id)
    {
        try
        {
            var fields = File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            const int startTimeAfterName = 19;
            return string.Create(CultureInfo.InvariantCulture, $"{name} {id} {fields[startTimeAfterName]}");
        }
        catch (IOException)
        {
            return null;
        }
    }
}
