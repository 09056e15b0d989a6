namespace Agent.Status;

/// <summary>How the running agent is, as its parts tell; kept on disk by <see cref="StatusWriter"/>.</summary>
internal sealed class AgentStatus
{
    private readonly Lock turn = new();
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

    public void SyncCompleted(DateTimeOffset at) => Change(report => report with { SyncProblem = null, SyncCompletedAt = at });

    /// <summary>A run that fails after one that completed leaves the agent able to reset, and is told all the same.</summary>
    public void SyncFailed(string why) => Change(report => report with { SyncProblem = why });

    private void Change(Func<StatusReport, StatusReport> change)
    {
        lock (turn)
        {
            current = change(current);
        }
    }
}

/// <summary>Each problem is a half-sentence, or null where there is none.</summary>
internal sealed record StatusReport(string? RelayProblem, string? DirectoryProblem, string? SyncProblem, DateTimeOffset? SyncCompletedAt);
