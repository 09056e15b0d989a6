using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Relay.ServiceBus;

namespace PortalApp.Relay;

/// <summary>Whether all agents of the tenant that are about were told that their relay is there.</summary>
internal delegate Task<bool> RelayToldCheck(TenantId tenant, Uri relay, CancellationToken cancellation);

/// <summary>
/// Each tenant's own relay: its Service Bus where it has one, else the embedded one. After a change agents are told the new one at once, and
/// requests go to the old one until the last agent was told: an agent listens at both for a while.
/// </summary>
internal sealed class TenantRelays(EmbeddedRelay embedded, ServiceBusRelay serviceBus, ServiceBusStore buses, RelayToldCheck told) : IRelay
{
    public async Task<Uri> AddressOfAsync(TenantId tenant, CancellationToken cancellation) =>
        await (await ChosenAsync(tenant, cancellation)).Chosen.AddressOfAsync(tenant, cancellation);

    public async Task<bool> SendAsync(TenantId tenant, string connector, RequestId id, byte[] envelope, TimeSpan timeToLive) =>
        await (await ReachingAsync(tenant)).SendAsync(tenant, connector, id, envelope, timeToLive);

    public async Task<bool> HasReceiverAsync(TenantId tenant, string connector) =>
        await (await ReachingAsync(tenant)).HasReceiverAsync(tenant, connector);

    private async Task<(IRelay Chosen, IRelay? Before)> ChosenAsync(TenantId tenant, CancellationToken cancellation) =>
        await buses.FindAsync(tenant, cancellation) switch
        {
            null => (embedded, null),
            { LeftAt: null } => (serviceBus, embedded),
            _ => (embedded, serviceBus),
        };

    /// <summary>The one where all of the tenant's agents surely listen.</summary>
    private async Task<IRelay> ReachingAsync(TenantId tenant)
    {
        var (chosen, before) = await ChosenAsync(tenant, CancellationToken.None);
        return before is null || await told(tenant, await chosen.AddressOfAsync(tenant, CancellationToken.None), CancellationToken.None)
            ? chosen
            : before;
    }
}
