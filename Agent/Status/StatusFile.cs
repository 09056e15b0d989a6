using System.Diagnostics;
using System.Text.Json;
using Portal.Agents;

namespace Agent.Status;

/// <summary>The status of a running agent, and which process wrote it.</summary>
/// <param name="ProcessStart">Of the process: an id alone may be another's after a restart of the machine.</param>
internal sealed record WrittenStatus(int ProcessId, DateTimeOffset ProcessStart, DateTimeOffset WrittenAt, StatusReport Report);

/// <summary><c>status.json</c> in the data folder.</summary>
internal static class StatusFile
{
    public const string Name = "status.json";

    /// <summary>How long a running agent may leave it as it is; an older one was written by a process that is frozen.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromSeconds(20);

    public static void Write(string folder, StatusReport report, DateTimeOffset now)
    {
        using var self = Process.GetCurrentProcess();
        var status = new WrittenStatus(Environment.ProcessId, StartOf(self), now, report);
        var file = Path.Combine(folder, Name);
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(status, WireJson.Options));
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>Null: all is well; else one line that says what is not.</summary>
    public static string? Problem(string folder, DateTimeOffset now)
    {
        if (Read(folder) is not { } status || !IsAlive(status))
        {
            return "The agent does not run.";
        }

        if (now - status.WrittenAt > Stale)
        {
            return $"The agent does not respond: process {status.ProcessId} last wrote its status at {status.WrittenAt:O}.";
        }

        return status.Report switch
        {
            { RelayProblem: not null, ClockProblem: { } clock } => $"Not listening on the relay, as {clock}: set it right.",
            { RelayProblem: { } why } => $"Not listening on the relay: {why}.",
            { DirectoryProblem: { } why } => $"The directory does not answer: {why}.",
            { ProtectedProblem: { } why } => $"No password can be set: {why}.",
            { SyncCompletedAt: null } report => $"No sync run has completed: {report.SyncProblem}.",
            _ => null,
        };
    }

    public static WrittenStatus? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<WrittenStatus>(File.ReadAllBytes(Path.Combine(folder, Name)), WireJson.Options);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsAlive(WrittenStatus status)
    {
        try
        {
            using var writer = Process.GetProcessById(status.ProcessId);
            return (StartOf(writer) - status.ProcessStart).Duration() < TimeSpan.FromSeconds(2);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static DateTimeOffset StartOf(Process process) => process.StartTime.ToUniversalTime();
}
