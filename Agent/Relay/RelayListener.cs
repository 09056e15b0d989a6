using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Agent.Enrolment;
using Agent.Status;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Relay;

namespace Agent.Relay;

/// <summary>Dials out to the tenant's relay, listens, and dials again when it was cut.</summary>
internal sealed class RelayListener(
    AgentIdentity identity,
    AgentOptions options,
    RequestIntake intake,
    PortalGreeting greeting,
    AgentStatus status,
    TimeProvider clock,
    ILogger<RelayListener> logger
) : BackgroundService
{
    /// <summary>For what is in work when the agent is stopped.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var roots = Portal.PortalServices.ReadRoots(options.PortalCa);
        var pause = new ReconnectPause();
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = await ListenOnceAsync(roots, pause, stoppingToken);
            await Task.Delay(wait, clock, stoppingToken);
        }
    }

    /// <summary>How long to wait before the next attempt.</summary>
    private async Task<TimeSpan> ListenOnceAsync(X509Certificate2Collection? roots, ReconnectPause pause, CancellationToken cancellation)
    {
        try
        {
            var endpoint = new RelayEndpoint(identity.Relay, identity.AgentId, identity.RelaySecret, roots);
            switch (await RelayConnection.ConnectAsync(endpoint, cancellation))
            {
                case RelayConnecting.Connected(var connection):
                    var began = clock.GetTimestamp();
                    await using (connection)
                    {
                        await ListenAsync(connection, cancellation);
                    }

                    if (clock.GetElapsedTime(began) > StableAfter)
                    {
                        pause.Reset();
                    }

                    status.RelayLost("the connection was lost");
                    logger.Lost();
                    return pause.Next();
                case RelayConnecting.Refused(RelayFault.Unauthorised, var detail):
                    status.RelayLost("the relay refuses this agent; it was revoked, or must be enrolled anew");
                    logger.Refused(detail);
                    return ReconnectPause.Refused;
                case RelayConnecting.Refused(_, var detail):
                    status.RelayLost(detail);
                    logger.NotConnected(detail);
                    return pause.Next();
                default:
                    throw new UnreachableException();
            }
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            status.RelayLost($"listening broke ({e.GetType().Name})");
            logger.ListeningBroke(e);
            return pause.Next();
        }
    }

    private async Task ListenAsync(RelayConnection connection, CancellationToken cancellation)
    {
        logger.Connected(identity.Relay);
        await greeting.GreetAsync(cancellation);
        var working = new List<Task>();
        try
        {
            status.RelayListening();
            await foreach (var delivery in connection.ReceiveAsync(identity.RelayAddress, RelayLimits.ReceiverCredit, cancellation))
            {
                working.RemoveAll(task => task.IsCompleted);
                working.Add(TakeAsync(delivery));
            }
        }
        finally
        {
            // What was taken is carried to its end also when the relay is gone; settling it then does nothing.
            if (cancellation.IsCancellationRequested)
            {
                await Task.WhenAny(Task.WhenAll(working), Task.Delay(StopLimit, clock, CancellationToken.None));
            }
        }
    }

    private async Task TakeAsync(RelayDelivery delivery)
    {
        try
        {
            await Task.Yield();
            await intake.TakeAsync(delivery, CancellationToken.None);
        }
        catch (Exception e)
        {
            logger.ListeningBroke(e);
        }
    }
}
