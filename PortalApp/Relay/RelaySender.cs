using Portal.Relay;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Relay.Queues;

namespace PortalApp.Relay;

/// <summary>The portal's own way to a tenant's agents. It only sends.</summary>
internal sealed class RelaySender(RelayBroker broker, TimeProvider clock)
{
    /// <summary>False where the tenant's queue is full, or the message is too long or has no time to live.</summary>
    public bool TrySend(TenantId tenant, RequestId id, byte[] envelope, TimeSpan timeToLive) =>
        envelope.Length is > 0 and <= RelayLimits.MaxMessageBytes
        && timeToLive > TimeSpan.Zero
        && timeToLive <= RelayLimits.LongestTtl
        && broker.QueueOf(tenant).TryAdd(new RelayItem(id.Value, envelope, clock.GetUtcNow() + timeToLive));

    /// <summary>Whether an agent of the tenant is attached right now.</summary>
    public bool HasReceiver(TenantId tenant) => broker.QueueOf(tenant).HasReceiver;
}
