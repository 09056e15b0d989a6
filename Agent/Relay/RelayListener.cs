using Agent.Portal;
using Agent.Status;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Agent.Relay;

/// <summary>Listens where the portal's answer to the hello says, for the connectors that are ready, and again when it was cut.</summary>
internal sealed class RelayListener(
    IRequestSource source,
    RequestIntake intake,
    PortalGreeting greeting,
    AgentStatus status,
    TimeProvider clock,
    ILogger<RelayListener> logger
) : BackgroundService
{
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var pause = new ReconnectPause();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(await ListenOnceAsync(pause, stoppingToken), clock, stoppingToken);
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
                return await ListenAsync(listening, pause, until.Token);
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

    private async Task<TimeSpan> ListenAsync(ListeningPlace listening, ReconnectPause pause, CancellationToken cancellation)
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
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellation);
        }

        var began = clock.GetTimestamp();
        var refused = await source.ReceiveAsync(place, () => Entered(place.Address), intake.TakeAsync, cancellation);
        if (refused is null && clock.GetElapsedTime(began) > StableAfter)
        {
            pause.Reset();
        }

        return Lost(refused, pause);
    }

    private void Entered(string relay)
    {
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
                status.RelayLost("the relay refuses this agent; it was revoked, or must be enrolled anew");
                logger.Refused(detail);
                return ReconnectPause.Refused;
            case (_, var detail):
                status.RelayLost(detail);
                logger.NotConnected(detail);
                return pause.Next();
        }
    }
}
