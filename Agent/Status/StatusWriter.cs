using Agent.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Agent.Status;

/// <summary>Keeps <c>status.json</c> current: at each change within half a second, and every few seconds as a sign of life.</summary>
internal sealed class StatusWriter(AgentFolder folder, AgentStatus status, TimeProvider clock, ILogger<StatusWriter> logger)
    : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        StatusReport? written = null;
        var at = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(Look, clock);
        do
        {
            var now = clock.GetUtcNow();
            var current = status.Current;
            if (current != written || now - at >= SignOfLife || now < at)
            {
                Write(current, now);
                (written, at) = (current, now);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Write(StatusReport report, DateTimeOffset now)
    {
        try
        {
            StatusFile.Write(folder.Path, report, now);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.StatusNotWritten(e.Message);
        }
    }
}
