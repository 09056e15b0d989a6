namespace PortalApp.PasswordReset;

/// <summary>At the start and each minute: tells of resets that ended while the portal stopped between the outcome and its telling.</summary>
internal sealed class ResetEndingSweep(ResetEnding ending, TimeProvider clock, ILogger<ResetEndingSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await ending.CatchUpAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.CatchUpFailed(e);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
