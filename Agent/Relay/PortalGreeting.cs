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
    RaiseAlarm raiseAlarm,
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
        var traits = await DescribeAsync(cancellation);
        var hello = new HelloRequest(
            AgentVersion.Text,
            traits is { ReadsWriteCounter: true },
            traits is { PolicyHints: true },
            traits?.Server
        );
        if (await portal.HelloAsync(hello, cancellation) is { } answer)
        {
            ring.Update(answer);
        }

        if (traits is { ReadsWriteCounter: false } && !counterMissed)
        {
            counterMissed = true;
            logger.NoWriteCounter();
            await raiseAlarm(new("no-write-counter", "The agent's account cannot read replPropertyMetaData."), cancellation);
        }

        await recovery.RunAsync(cancellation);
    }

    /// <summary>A directory that hangs must not hold up the listening: the portal hears of it by its own question.</summary>
    private async Task<DirectoryTraits?> DescribeAsync(CancellationToken cancellation)
    {
        try
        {
            return await directory.DescribeAsync(cancellation).WaitAsync(DescribeLimit, clock, cancellation);
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
                logger.ListeningBroke(e);
            }

            await Task.Delay(DirectoryInterval, clock, stoppingToken);
        }
    }
}
