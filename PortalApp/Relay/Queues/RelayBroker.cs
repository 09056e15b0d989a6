using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Portal.Relay;

namespace PortalApp.Relay.Queues;

/// <summary>
/// The queues and who may attach: an agent receives at its own tenant's addresses of the connectors that it serves, and nothing else is granted
/// (H72).
/// </summary>
internal sealed class RelayBroker(TimeProvider clock, ILogger<RelayBroker> logger) : ILinkProcessor
{
    private readonly ConcurrentDictionary<RelayAddress, RelayQueue> queues = [];

    public void Process(AttachContext attachContext)
    {
        var link = attachContext.Link;
        if (((ListenerConnection)link.Session.Connection).Principal is RelayPeer peer)
        {
            Attach(attachContext, peer, peer.Agent);
        }
        else
        {
            attachContext.Complete(new Error(ErrorCode.UnauthorizedAccess));
        }
    }

    public void Sweep()
    {
        foreach (var queue in queues.Values)
        {
            queue.Sweep();
        }
    }

    private void Attach(AttachContext attach, RelayPeer peer, RelayIdentity agent)
    {
        var receives = attach.Attach.Role;
        var address = new RelayAddress((attach.Attach.Source as Source)?.Address ?? "");
        if (!receives || !agent.Addresses.Contains(address))
        {
            logger.LinkRefused(agent.AgentId, agent.Tenant, receives ? "receive elsewhere" : "send");
            attach.Complete(new Error(ErrorCode.UnauthorizedAccess) { Description = "An agent receives at its connectors' addresses." });
            return;
        }

        if (!peer.TryAddLink(RelayLimits.MaxLinksPerConnection))
        {
            logger.LinkRefused(agent.AgentId, agent.Tenant, "one link too many");
            attach.Complete(new Error(ErrorCode.ResourceLimitExceeded) { Description = "Too many links." });
            return;
        }

        var queue = QueueOf(address);
        var endpoint = new RelayLink(attach.Link, queue, peer);
        queue.Add(endpoint);
        attach.Complete(endpoint, 0);
    }

    public RelayQueue QueueOf(RelayAddress address) => queues.GetOrAdd(address, _ => new(clock));
}
