using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amqp;
using Amqp.Listener;

namespace PortalApp.Tests.Relay.ServiceBus;

/// <summary>The other end of one connection: what its tokens grant it, and where it awaits answers.</summary>
internal sealed class StandInPeer(ConcurrentDictionary<string, StandInPolicy> policies)
{
    private readonly ConcurrentDictionary<string, StandInPolicy> granted = [];
    private readonly ConcurrentDictionary<string, ListenerLink> answering = [];

    public bool MaySend(string queue) => granted.TryGetValue(queue, out var policy) && policy.Sends;

    public bool MayReceive(string queue) => granted.TryGetValue(queue, out var policy) && policy.Listens;

    public void Answering(string address, ListenerLink link) => answering[address] = link;

    public void Reply(string to, Message reply) => answering[to].SendMessage(reply);

    /// <summary>The shared access signature covers the resource and the expiry; the policy says what it opens.</summary>
    public Message PutToken(Message request)
    {
        var queue = Uri.UnescapeDataString(new Uri((string)request.ApplicationProperties["name"]).AbsolutePath)
            .Trim('/')
            .Replace("/$management", "", StringComparison.Ordinal);
        var policy = PolicyOf((string)request.Body);
        var known = policy is not null && (policy.Queue is null || policy.Queue == queue);
        if (known)
        {
            granted[queue] = policy!;
        }

        return new Message
        {
            ApplicationProperties = new()
            {
                ["status-code"] = known ? 202 : 401,
                ["status-description"] = known ? "" : "Invalid signature",
            },
        };
    }

    private StandInPolicy? PolicyOf(string token)
    {
        var parts = token[(token.IndexOf(' ', StringComparison.Ordinal) + 1)..]
            .Split('&')
            .Select(part => part.Split('=', 2))
            .ToDictionary(part => part[0], part => part[1]);
        if (!policies.TryGetValue(Uri.UnescapeDataString(parts["skn"]), out var policy))
        {
            return null;
        }

        var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes(policy.Key), Encoding.UTF8.GetBytes($"{parts["sr"]}\n{parts["se"]}"));
        var expires = DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts["se"], CultureInfo.InvariantCulture));
        return Convert.ToBase64String(signed) == Uri.UnescapeDataString(parts["sig"]) && expires > TimeProvider.System.GetUtcNow()
            ? policy
            : null;
    }
}
