using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Portal.Relay;
using Portal.Tenants;

namespace PortalApp.Relay;

/// <summary>Grants one thing: an agent receives from its own tenant's address. Sending, other addresses and anything else are refused.</summary>
internal sealed class RelayBroker(TimeProvider clock, ILogger<RelayBroker> logger) : ILinkProcessor
{
    private readonly ConcurrentDictionary<TenantId, RelayQueue> queues = [];
    private readonly ConcurrentDictionary<Connection, int> links = new(ReferenceEqualityComparer.Instance);

    public RelayQueue QueueOf(TenantId tenant) => queues.GetOrAdd(tenant, _ => new RelayQueue(clock));

    public void Process(AttachContext attachContext)
    {
        var connection = attachContext.Link.Session.Connection;
        if ((connection as ListenerConnection)?.Principal is not RelayIdentity identity)
        {
            Refuse(attachContext, ErrorCode.UnauthorizedAccess);
            return;
        }

        var receives = attachContext.Attach.Role;
        var address = (attachContext.Attach.Source as Source)?.Address;
        if (!receives || address != RelayAddress.Of(identity.Tenant).Value)
        {
            logger.AttachRefused(identity.AgentId, identity.Tenant);
            Refuse(attachContext, ErrorCode.UnauthorizedAccess);
            return;
        }

        if (links.AddOrUpdate(connection, 1, (_, held) => held + 1) > RelayLimits.MaxLinksPerConnection)
        {
            Forget(connection);
            Refuse(attachContext, ErrorCode.ResourceLimitExceeded);
            return;
        }

        var queue = QueueOf(identity.Tenant);
        var link = new RelayLink(queue, attachContext.Link, identity.AgentId, clock, () => Forget(connection));
        connection.Closed += (_, _) => link.Leave();
        queue.Attach(link);
        attachContext.Complete(link, 0);
    }

    private static void Refuse(AttachContext attachContext, string condition) => attachContext.Complete(new Error(condition));

    private void Forget(Connection connection)
    {
        if (links.AddOrUpdate(connection, 0, (_, held) => held - 1) <= 0)
        {
            links.TryRemove(connection, out _);
        }
    }
}
