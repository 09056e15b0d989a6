using Azure.Messaging.ServiceBus;
using Portal.Relay;
using Portal.Relay.ServiceBus;
using Portal.Tenants;
using Portal.Writeback;

namespace PortalApp.Relay.ServiceBus;

/// <summary>
/// The portal's end of a tenant's own Service Bus. It holds a key that may send: it cannot read what it sent, nor whether anybody listens.
/// </summary>
internal sealed class ServiceBusRelay(ServiceBusStore store, ServiceBusClients clients, TimeProvider clock, ILogger<ServiceBusRelay> logger)
    : IRelay
{
    public async Task<Uri> AddressOfAsync(TenantId tenant, CancellationToken cancellation) =>
        new((await FindAsync(tenant, cancellation)).Address);

    public async Task<bool> SendAsync(TenantId tenant, string connector, RequestId id, byte[] envelope, TimeSpan timeToLive)
    {
        if (envelope.Length is 0 or > RelayLimits.MaxMessageBytes || timeToLive <= TimeSpan.Zero || timeToLive > RelayLimits.LongestTtl)
        {
            return false;
        }

        using var limit = new CancellationTokenSource(
            timeToLive < ServiceBusLimits.SendLimit ? timeToLive : ServiceBusLimits.SendLimit,
            clock
        );
        try
        {
            var sender = clients.SenderOf(await FindAsync(tenant, limit.Token), RelayAddress.Of(tenant, connector));
            var message = new ServiceBusMessage(envelope) { MessageId = id.Value, TimeToLive = timeToLive };
            await sender.SendMessageAsync(message, limit.Token).WaitAsync(limit.Token);
            return true;
        }
        catch (Exception e)
        {
            // Whatever it was, nobody has said that the request was taken; should it arrive all the same, it is granted nothing.
            logger.ServiceBusDidNotTake(id.Value, tenant, WhyNot(e));
            return false;
        }
    }

    public Task<bool> HasReceiverAsync(TenantId tenant, string connector) => Task.FromResult(true);

    private async Task<TenantServiceBus> FindAsync(TenantId tenant, CancellationToken cancellation) =>
        await store.FindAsync(tenant, cancellation) ?? throw new InvalidOperationException($"Tenant {tenant} has no Service Bus.");

    private static string WhyNot(Exception e) =>
        e switch
        {
            OperationCanceledException => $"it did not answer within {ServiceBusLimits.SendLimit.TotalSeconds:0} s",
            UnauthorizedAccessException => "it refuses the key, or the key may not send there",
            InvalidOperationException => "its key is for another queue alone",
            ServiceBusException { Reason: var reason } => $"{reason}",
            _ => e.GetType().Name,
        };
}
