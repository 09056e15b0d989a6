using System.Security.Cryptography.X509Certificates;
using Agent.Certificates;
using Agent.Enrolment;
using Microsoft.Extensions.Logging;
using Portal.Agents;
using Portal.Relay;

namespace Agent.Relay;

/// <summary>Requests by AMQP 1.0 over WebSocket, as the relay in the portal speaks it.</summary>
internal sealed class AmqpRequestSource(AgentIdentity identity, AgentOptions options, TimeProvider clock, ILogger<AmqpRequestSource> logger)
    : IRequestSource
{
    /// <summary>For what is in work when the agent is stopped.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private readonly X509Certificate2Collection? roots = CertificateBundle.Read(options.PortalCa);

    public string Scheme => RelaySchemes.Embedded;

    public async Task<RelayConnecting.Refused?> ReceiveAsync(
        RelayPlace place,
        Action listening,
        Func<RelayDelivery, Task> take,
        CancellationToken cancellation
    )
    {
        var endpoint = new RelayEndpoint(new Uri(place.Address), identity.AgentId, identity.RelaySecret, roots);
        switch (await RelayConnection.ConnectAsync(endpoint, cancellation))
        {
            case RelayConnecting.Refused refused:
                return refused;
            case RelayConnecting.Connected(var connection):
                await using (connection)
                {
                    listening();
                    await ReceiveAsync(connection, place.Connectors, take, cancellation);
                }

                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>One receiver that ends ends all: the next connection opens them anew.</summary>
    private async Task ReceiveAsync(
        RelayConnection connection,
        IReadOnlyList<ConnectorAddress> connectors,
        Func<RelayDelivery, Task> take,
        CancellationToken cancellation
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var receivers = connectors.Select(at => PumpAsync(connection, at, take, ending.Token, cancellation)).ToList();
        var first = await Task.WhenAny(receivers);
        await ending.CancelAsync();
        await Task.WhenAll(receivers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task PumpAsync(
        RelayConnection connection,
        ConnectorAddress at,
        Func<RelayDelivery, Task> take,
        CancellationToken ending,
        CancellationToken stopping
    )
    {
        var working = new List<Task>();
        try
        {
            await foreach (var delivery in connection.ReceiveAsync(new RelayAddress(at.Address), RelayLimits.ReceiverCredit, ending))
            {
                working.RemoveAll(task => task.IsCompleted);
                working.Add(TakeAsync(delivery, take));
            }
        }
        finally
        {
            // What was taken is carried to its end also when the relay is gone; settling it then does nothing.
            if (stopping.IsCancellationRequested)
            {
                await Task.WhenAny(Task.WhenAll(working), Task.Delay(StopLimit, clock, CancellationToken.None));
            }
        }
    }

    private async Task TakeAsync(RelayDelivery delivery, Func<RelayDelivery, Task> take)
    {
        try
        {
            await Task.Yield();
            await take(delivery);
        }
        catch (Exception e)
        {
            logger.ListeningBroke(e);
        }
    }
}
