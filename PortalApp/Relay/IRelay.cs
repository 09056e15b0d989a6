using Portal.Tenants;
using Portal.Writeback;

namespace PortalApp.Relay;

/// <summary>
/// The portal's end of a tenant's relay: it only sends. Nothing around it knows of what kind the relay is. What an implementation owes, so that
/// what is said of a request stays true:
/// <list type="bullet">
/// <item>an address for each tenant and connector (<see cref="Portal.Relay.RelayAddress"/>); a tenant's agents receive at their connectors'
/// addresses, send nowhere, and reach no other tenant's (H72);</item>
/// <item>a message that was taken is handed out at least once while somebody receives there, to one receiver at a time, and again when that one
/// is lost or gives it back; never twice is not asked: the grant sees to that (H69, H77);</item>
/// <item>what one receiver gave back goes to another before it may come back to the first, never round and round; when all gave it back it waits
/// out its time to live;</item>
/// <item>after its time to live it is gone from everywhere, also from wherever such a relay puts what could not be delivered (H70, H79);</item>
/// <item>one tenant's full queue leaves the others' room (H80), and a message is refused rather than kept without bound.</item>
/// </list>
/// </summary>
internal interface IRelay
{
    /// <summary>Where the tenant's agents enter it; the scheme tells them how.</summary>
    Task<Uri> AddressOfAsync(TenantId tenant, CancellationToken cancellation);

    /// <returns>False where the relay did not take it: full, not reached, too long, or a time to live of none or too long.</returns>
    Task<bool> SendAsync(TenantId tenant, string connector, RequestId id, byte[] envelope, TimeSpan timeToLive);

    /// <summary>False where surely nobody receives for that connector now, so that nothing need be asked. A relay that cannot tell says true.</summary>
    Task<bool> HasReceiverAsync(TenantId tenant, string connector);
}
