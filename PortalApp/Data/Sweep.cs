namespace PortalApp.Data;

/// <summary>Forgets from time to time what nobody needs any more. One that fails is logged, and tried again the next time.</summary>
internal abstract class Sweep(TimeSpan every, TimeProvider clock, Action<Exception> log) : BackgroundService
{
    protected DateTimeOffset Now => clock.GetUtcNow();

    public abstract Task SweepAsync(CancellationToken cancellation);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log(failure);
            }
        }
    }
}
