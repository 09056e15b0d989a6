using Microsoft.Extensions.Logging;
using Portal.Agents;
using Portal.Relay;
using Portal.Relay.ServiceBus;

namespace Agent.Relay.ServiceBus;

/// <summary>
/// Requests from the tenant's own Service Bus, by a key that lies on this machine and may listen and do nothing else. The client overcomes a cut
/// by itself; what lasts longer, and what somebody has to mend, ends the receiving and is told.
/// </summary>
internal sealed class ServiceBusRequestSource(AgentOptions options, TimeProvider clock, ILogger<ServiceBusRequestSource> logger)
    : IRequestSource
{
    public string Scheme => RelaySchemes.ServiceBus;

    public async Task<RelayConnecting.Refused?> ReceiveAsync(
        RelayPlace place,
        Action listening,
        Func<RelayDelivery, Task> take,
        CancellationToken cancellation
    )
    {
        if (options.ServiceBusFile is not { } file)
        {
            return MendedByHand($"the tenant's relay is {place.Address}, and agent.json names no serviceBusFile with a key of it");
        }

        switch (ServiceBusKeyFile.Read(file))
        {
            case ServiceBusKeyReading.Wrong(var why):
                return MendedByHand(why);
            case ServiceBusKeyReading.Good(var key) when key.Address.Authority != new Uri(place.Address).Authority:
                return MendedByHand($"the tenant's relay is {place.Address}, and the key of serviceBusFile is for {key.Address}");
            case ServiceBusKeyReading.Good(var key) when place.Connectors.FirstOrDefault(at => !key.Opens(at.Address)) is { } closed:
                return MendedByHand($"the key of serviceBusFile is for the queue {key.Queue}, and this agent's is {closed.Address}");
            case ServiceBusKeyReading.Good(var key):
                return await ReceiveAsync(key, place.Connectors, listening, take, cancellation);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<RelayConnecting.Refused?> ReceiveAsync(
        ServiceBusKey key,
        IReadOnlyList<ConnectorAddress> connectors,
        Action listening,
        Func<RelayDelivery, Task> take,
        CancellationToken cancellation
    )
    {
        var client = key.Open();
        try
        {
            var queues = connectors.Select(at => new ServiceBusQueue(client, at.Address, take, clock, logger)).ToList();
            foreach (var queue in queues)
            {
                if (await queue.EnterAsync(cancellation) is { } refused)
                {
                    return refused;
                }
            }

            listening();
            return await ReceiveAsync(queues, cancellation);
        }
        finally
        {
            await CloseAsync(client);
        }
    }

    /// <summary>One queue that ends ends all: the next connection opens them anew.</summary>
    private static async Task<RelayConnecting.Refused?> ReceiveAsync(IReadOnlyList<ServiceBusQueue> queues, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var receivers = queues.Select(queue => queue.ReceiveAsync(ending.Token)).ToList();
        var first = await Task.WhenAny(receivers);
        await ending.CancelAsync();
        await ((Task)Task.WhenAll(receivers)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await first;
    }

    private async Task CloseAsync(Azure.Messaging.ServiceBus.ServiceBusClient client)
    {
        try
        {
            await client.DisposeAsync().AsTask().WaitAsync(RelayLimits.CloseLimit, clock);
        }
        catch (Exception e)
        {
            logger.ServiceBusNotClosed(e.GetType().Name);
        }
    }

    private static RelayConnecting.Refused MendedByHand(string why) => new(RelayFault.Unauthorised, why);
}
