using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace PortalApp.Tests.Relay.ServiceBus;

/// <summary>Who may attach where: at <c>$cbs</c> anybody, elsewhere whoever showed a token for it on the same connection.</summary>
internal sealed class StandInLinks(ConcurrentDictionary<string, StandInQueue> queues, ConcurrentDictionary<string, StandInPolicy> policies)
    : ILinkProcessor
{
    private const string Tokens = "$cbs";
    private const string Management = "/$management";
    private readonly ConditionalWeakTable<Connection, StandInPeer> peers = [];

    public void Process(AttachContext attachContext)
    {
        var attach = attachContext.Attach;
        var peer = peers.GetValue(attachContext.Link.Session.Connection, _ => new(policies));
        var node = Uri.UnescapeDataString(
            (attach.Role ? (attach.Source as Source)?.Address : (attach.Target as Target)?.Address)?.TrimStart('/') ?? ""
        );
        var queue = node.EndsWith(Management, StringComparison.Ordinal) ? node[..^Management.Length] : node;
        // Without it the client takes every message for too large.
        attach.MaxMessageSize = 256 * 1024;
        if (node == Tokens || node != queue)
        {
            var requests = node == Tokens ? peer.PutToken : Requests(queue);
            if (node != Tokens && !peer.MayReceive(queue))
            {
                attachContext.Complete(new Error(ErrorCode.UnauthorizedAccess));
            }
            else if (attach.Role)
            {
                peer.Answering(((Target)attach.Target).Address, attachContext.Link);
                attachContext.Complete(new Silent(), 0);
            }
            else
            {
                attachContext.Complete(new Answers(peer, requests), 50);
            }
        }
        else if (!(attach.Role ? peer.MayReceive(queue) : peer.MaySend(queue)))
        {
            attachContext.Complete(new Error(ErrorCode.UnauthorizedAccess));
        }
        else if (!queues.TryGetValue(queue, out var held))
        {
            attachContext.Complete(new Error(ErrorCode.NotFound));
        }
        else if (attach.Role)
        {
            var receiver = new StandInReceiver(attachContext.Link, held);
            held.Add(receiver);
            attachContext.Complete(receiver, 0);
        }
        else
        {
            attachContext.Complete(new Incoming(held), 100);
        }
    }

    private Func<Message, Message> Requests(string queue) =>
        request => queues.TryGetValue(queue, out var held) ? held.Manage(request) : StandInQueue.Answer(404);

    private sealed class Silent : LinkEndpoint
    {
        public override void OnFlow(FlowContext flowContext) { }

        public override void OnDisposition(DispositionContext dispositionContext) { }
    }

    private sealed class Answers(StandInPeer peer, Func<Message, Message> answer) : LinkEndpoint
    {
        public override void OnMessage(MessageContext messageContext)
        {
            messageContext.Complete();
            var request = messageContext.Message;
            var reply = answer(request);
            reply.Properties = new() { CorrelationId = request.Properties.MessageId };
            peer.Reply(request.Properties.ReplyTo, reply);
        }

        public override void OnFlow(FlowContext flowContext) { }

        public override void OnDisposition(DispositionContext dispositionContext) { }
    }

    private sealed class Incoming(StandInQueue queue) : LinkEndpoint
    {
        public override void OnMessage(MessageContext messageContext)
        {
            if (queue.TryAdd(messageContext.Message))
            {
                messageContext.Complete();
            }
        }

        public override void OnFlow(FlowContext flowContext) { }

        public override void OnDisposition(DispositionContext dispositionContext) { }
    }
}
