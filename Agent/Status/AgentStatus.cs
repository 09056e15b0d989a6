using System.Globalization;

namespace Agent.Status;

/// <summary>How the running agent is, as its parts tell; kept on disk by <see cref="StatusWriter"/>.</summary>
internal sealed class AgentStatus
{
    private readonly Lock turn = new();

    /// <summary>What the portal's calls, and so a reset, put up with.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(30);
    private StatusReport current = new("not connected yet", "not asked yet", "no run has completed yet", null);

    public StatusReport Current
    {
        get
        {
            lock (turn)
            {
                return current;
            }
        }
    }

    public void RelayListening() => Change(report => report with { RelayProblem = null });

    public void RelayLost(string why) => Change(report => report with { RelayProblem = why });

    /// <param name="why">Null: it answers.</param>
    public void Directory(string? why) => Change(report => report with { DirectoryProblem = why });

    /// <param name="why">Why no account may be set; null: some may.</param>
    public void Protected(string? why) => Change(report => report with { ProtectedProblem = why });

    /// <param name="problem">Of a run that did not bring all of the directory.</param>
    public void SyncCompleted(DateTimeOffset at, string? problem = null) =>
        Change(report => report with { SyncProblem = problem, SyncCompletedAt = at });

    /// <summary>A run that fails after one that completed leaves the agent able to reset, and is told all the same.</summary>
    public void SyncFailed(string why) => Change(report => report with { SyncProblem = why });

    /// <param name="ahead">The portal's clock minus this machine's, as its last answer said; null where it did not say.</param>
    /// <returns>How they differ, where they did not before.</returns>
    public string? PortalClock(TimeSpan? ahead)
    {
        var problem = ahead?.Duration() > ClockTolerance ? Differing(ahead.Value) : null;
        lock (turn)
        {
            var isNew = current.ClockProblem is null;
            current = current with { ClockProblem = problem };
            return isNew ? problem : null;
        }
    }

    private static string Differing(TimeSpan ahead) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"this machine's clock is {ahead.Duration().TotalSeconds:0} s {(ahead > TimeSpan.Zero ? "behind" : "ahead of")} the portal's"
        );

    private void Change(Func<StatusReport, StatusReport> change)
    {
        lock (turn)
        {
            current = change(current);
        }
    }
}

/// <summary>Each problem is a half-sentence, or null where there is none.</summary>
internal sealed record StatusReport(
    string? RelayProblem,
    string? DirectoryProblem,
    string? SyncProblem,
    DateTimeOffset? SyncCompletedAt,
    string? ClockProblem = null,
    string? ProtectedProblem = null
);
