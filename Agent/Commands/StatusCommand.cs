using System.CommandLine;
using System.Globalization;
using Agent.Status;

namespace Agent.Commands;

internal static class StatusCommand
{
    public static Command Create()
    {
        var data = CommandFolder.Option();
        var status = new Command("status", "Say whether a reset would work: relay, directory, first sync. Exit code 0 or 1.") { data };
        status.SetAction(parsed => Run(CommandFolder.PathOf(parsed, data)));
        return status;
    }

    private static int Run(string folder)
    {
        if (StatusFile.Problem(folder, TimeProvider.System.GetUtcNow()) is { } problem)
        {
            return CommandFolder.Refuse(problem);
        }

        var report = StatusFile.Read(folder)?.Report;
        var synced = report?.SyncCompletedAt?.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var since = report?.SyncProblem is { } problemSince ? $"; since then: {problemSince}" : "";
        var clock = report?.ClockProblem is { } problemNow ? $"; {problemNow}" : "";
        Console.WriteLine($"Listening on the relay; the directory answers; last sync {synced}{since}{clock}.");
        return 0;
    }
}
