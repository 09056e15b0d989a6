using Agent.Portal;
using Agent.Status;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Agents;
using Portal.Relay;

namespace Agent.Relay;

/// <summary>Listens where the portal's answer to the hello says, for the connectors that are ready, and again when it was cut.</summary>
internal sealed class RelayListener(
    IEnumerable<IRequestSource> sources,
    RequestIntake intake,
    PortalGreeting greeting,
    AgentStatus status,
    TimeProvider clock,
    ILogger<RelayListener> logger
) : BackgroundService
{
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(10);

    /// <summary>Relays that the tenant left, while something may still be there.</summary>
    private readonly List<Task> leaving = [];
    private string? complaint;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var pause = new ReconnectPause();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await Task.Delay(await ListenOnceAsync(pause, stoppingToken), clock, stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(leaving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>How long to wait before the next attempt.</summary>
    private async Task<TimeSpan> ListenOnceAsync(ReconnectPause pause, CancellationToken cancellation)
    {
        try
        {
            await greeting.GreetAsync(cancellation);
            var listening = greeting.Listening;
            using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellation, listening.Changed);
            try
            {
                return await ListenAsync(listening, pause, until.Token, cancellation);
            }
            catch (OperationCanceledException) when (listening.Changed.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                return TimeSpan.Zero;
            }
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            status.RelayLost($"listening broke ({e.GetType().Name})");
            logger.ListeningBroke(e);
            return pause.Next();
        }
    }

    private async Task<TimeSpan> ListenAsync(
        ListeningPlace listening,
        ReconnectPause pause,
        CancellationToken until,
        CancellationToken stopping
    )
    {
        if (listening.Place is not { } place)
        {
            status.RelayLost(
                listening.Refused
                    ? "the portal refuses this agent; it was revoked, must be enrolled anew, or the two machines' clocks differ"
                    : "the portal has not said yet where its relay is"
            );
            return listening.Refused ? ReconnectPause.Refused : pause.Next();
        }

        if (place.Connectors.Count == 0)
        {
            status.RelayLost("the first synchronisation has not been completed");
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, until);
        }

        var began = clock.GetTimestamp();
        var refused = await ReceiveAsync(place, until, stopping);
        if (refused is null && clock.GetElapsedTime(began) > StableAfter)
        {
            pause.Reset();
        }

        return Lost(refused, pause);
    }

    /// <summary>A relay that the tenant moves from is left when all that was sent there before is gone.</summary>
    private async Task<RelayConnecting.Refused?> ReceiveAsync(RelayPlace place, CancellationToken until, CancellationToken stopping)
    {
        var leave = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var receiving = ReceiveAsync(place, leave);
        await ((Task)receiving).WaitAsync(until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (receiving.IsCompleted)
        {
            return await receiving;
        }

        if (!stopping.IsCancellationRequested && greeting.Listening.Place is { } now && now.Address != place.Address)
        {
            leave.CancelAfter(RelayLimits.LongestTtl);
            leaving.RemoveAll(left => left.IsCompleted);
            leaving.Add(receiving);
        }
        else
        {
            await leave.CancelAsync();
            await ((Task)receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        throw new OperationCanceledException(until);
    }

    private async Task<RelayConnecting.Refused?> ReceiveAsync(RelayPlace place, CancellationTokenSource leave)
    {
        using (leave)
        {
            var source = sources.Single(source => source.Scheme == new Uri(place.Address).Scheme);
            return await source.ReceiveAsync(place, () => Entered(place.Address), intake.TakeAsync, leave.Token);
        }
    }

    private void Entered(string relay)
    {
        complaint = null;
        logger.Connected(relay);
        status.RelayListening();
    }

    private TimeSpan Lost(RelayConnecting.Refused? refused, ReconnectPause pause)
    {
        switch (refused)
        {
            case null:
                status.RelayLost("the connection was lost");
                logger.Lost();
                return pause.Next();
            case (RelayFault.Unauthorised, var detail):
                status.RelayLost(detail);
                if (complaint != detail)
                {
                    logger.Refused(complaint = detail);
                }

                return ReconnectPause.Refused;
            case (_, var detail):
                status.RelayLost(detail);
                logger.NotConnected(detail);
                return pause.Next();
        }
    }
}
