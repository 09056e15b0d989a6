using Agent.Directory;
using Agent.Enrolment;
using Agent.Portal;
using Agent.Status;
using Agent.Writeback;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Agents;

namespace Agent.Relay;

/// <summary>
/// Says hello at each connection and once a minute, takes the tenant's keys from the answer, and brings to an end what a cut left open; asks
/// meanwhile whether the directory is well.
/// </summary>
internal sealed class PortalGreeting(
    PortalClient portal,
    DirectoryConnector directory,
    TenantKeyRing ring,
    Recovery recovery,
    AgentStatus status,
    TimeProvider clock,
    ILogger<PortalGreeting> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DirectoryInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan DescribeLimit = TimeSpan.FromSeconds(3);
    private bool counterMissed;

    public async Task GreetAsync(CancellationToken cancellation)
    {
        if (await portal.HelloAsync(new HelloRequest(AgentVersion.Text), cancellation) is { } answer)
        {
            ring.Update(answer);
        }

        if (!counterMissed && await ReadsWriteCounterAsync(cancellation) is false)
        {
            counterMissed = true;
            logger.NoWriteCounter();
            await portal.AlarmAsync(new(AlarmKind.NoWriteCounter, "The agent's account cannot read replPropertyMetaData."), cancellation);
        }

        await recovery.RunAsync(cancellation);
    }

    /// <summary>A directory that hangs must not hold up the listening: the portal hears of it by its own question.</summary>
    private async Task<bool?> ReadsWriteCounterAsync(CancellationToken cancellation)
    {
        try
        {
            return await directory.ReadsWriteCounterAsync(cancellation).WaitAsync(DescribeLimit, clock, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var greeted = clock.GetTimestamp();
        while (true)
        {
            try
            {
                status.Directory(await directory.IsAnsweringAsync(stoppingToken) ? null : "no controller answered; see the agent's log");
                if (clock.GetElapsedTime(greeted) >= Interval)
                {
                    greeted = clock.GetTimestamp();
                    await GreetAsync(stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.GreetingBroke(e);
            }

            await Task.Delay(DirectoryInterval, clock, stoppingToken);
        }
    }
}
