using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Microsoft.Extensions.Options;
using Portal.Relay;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Data;
using PortalApp.Relay.Handshakes;
using PortalApp.Relay.Queues;

namespace PortalApp.Relay;

/// <summary>
/// The relay in the portal's own process: the AMQP library's container over connections that Kestrel accepted and we have authenticated. The
/// portal itself puts its messages into the queues by a call (docs/decisions/0004).
/// </summary>
internal sealed class EmbeddedRelay : IRelay, IDisposable
{
    private const string AgentScheme = "relay";

    private readonly ILogger<EmbeddedRelay> logger;
    private readonly RelayBroker broker;
    private readonly ContainerHost host;
    private readonly RelayGate agents = new(AgentScheme);
    private readonly TimeProvider clock;
    private readonly ITimer sweeper;
    private readonly CancellationTokenSource closing = new();
    private readonly ConcurrentDictionary<RelayTransport, RelayIdentity> connected = [];

    public EmbeddedRelay(RelayBroker broker, IOptions<PortalOptions> options, TimeProvider clock, ILogger<EmbeddedRelay> logger)
    {
        this.broker = broker;
        this.clock = clock;
        this.logger = logger;
        Address = new UriBuilder(options.Value.Origin) { Scheme = Uri.UriSchemeWss, Path = RelayLimits.Path }.Uri;
        host = new([new Address($"{AgentScheme}://portal:1")])
        {
            // Everything goes to the broker; an address that the library resolved itself would be looked up in its own tables first.
            AddressResolver = (_, _) => "-",
        };
        host.CustomTransports[AgentScheme] = agents;
        Limit(host.Listeners[0], sessions: 2 * RelayLimits.MaxLinksPerConnection, links: 2 * RelayLimits.MaxLinksPerConnection);
        host.RegisterLinkProcessor(broker);
        host.Open();
        sweeper = clock.CreateTimer(_ => Sweep(), null, RelayLimits.ExpirySweep, RelayLimits.ExpirySweep);
    }

    private void Sweep()
    {
        try
        {
            broker.Sweep();
        }
        catch (Exception e)
        {
            logger.SweepFailed(e);
        }
    }

    public Uri Address { get; }

    public Task<Uri> AddressOfAsync(TenantId tenant, CancellationToken cancellation) => Task.FromResult(Address);

    public Task<bool> SendAsync(TenantId tenant, string connector, RequestId id, byte[] envelope, TimeSpan timeToLive) =>
        Task.FromResult(
            envelope.Length is > 0 and <= RelayLimits.MaxMessageBytes
                && timeToLive > TimeSpan.Zero
                && timeToLive <= RelayLimits.LongestTtl
                && QueueOf(tenant, connector).TryAdd(new RelayItem(id.Value, envelope, clock.GetUtcNow() + timeToLive))
        );

    public Task<bool> HasReceiverAsync(TenantId tenant, string connector) => Task.FromResult(HasReceiver(tenant, connector));

    public bool HasReceiver(TenantId tenant, string connector) => QueueOf(tenant, connector).HasReceiver;

    private RelayQueue QueueOf(TenantId tenant, string connector) => broker.QueueOf(RelayAddress.Of(tenant, connector));

    public ConnectionCount Connections { get; } = new();

    /// <summary>Ends when the relay closes; its connections then have <see cref="RelayLimits.CloseLimit"/> left.</summary>
    public CancellationToken Closing => closing.Token;

    public IReadOnlyCollection<string> ConnectedAgents => [.. connected.Values.Select(agent => agent.AgentId).Distinct()];

    /// <summary>Serves one agent until either side ends it. The caller has authenticated and counted it, and lets the stream go afterwards.</summary>
    public async Task ServeAsync(Stream stream, RelayIdentity agent, CancellationToken cancellation)
    {
        var transport = new RelayTransport(stream, new RelayPeer(agent));
        connected[transport] = agent;
        try
        {
            logger.AgentConnected(agent.AgentId, agent.Tenant);
            agents.Admit(transport);
            await transport.Closed.WaitAsync(cancellation);
        }
        finally
        {
            connected.TryRemove(transport, out _);
            logger.AgentLeft(agent.AgentId, agent.Tenant);
        }
    }

    /// <summary>Ends an agent's connections at once: it was revoked, or its secret changed.</summary>
    public void Disconnect(string agentId)
    {
        foreach (var (transport, agent) in connected)
        {
            if (agent.AgentId == agentId)
            {
                Tell(transport);
                _ = CutAsync(transport);
            }
        }
    }

    /// <summary>Each agent is told (<c>amqp:connection:forced</c>) and comes back by itself; none can hold the portal's end up.</summary>
    public void Close()
    {
        if (closing.IsCancellationRequested)
        {
            return;
        }

        sweeper.Dispose();
        host.Close();
        closing.Cancel();
        foreach (var transport in connected.Keys)
        {
            _ = CutAsync(transport);
        }
    }

    public void Dispose()
    {
        Close();
        closing.Dispose();
        agents.Dispose();
    }

    private static void Tell(RelayTransport transport)
    {
        try
        {
            transport.Connection?.Close(TimeSpan.Zero, new Error(ErrorCode.UnauthorizedAccess) { Description = "Revoked." });
        }
        catch (AmqpException)
        {
            // It is closing already.
        }
    }

    /// <summary>A peer that does not answer a close is cut off.</summary>
    private async Task CutAsync(RelayTransport transport)
    {
        await Task.WhenAny(transport.Closed, Task.Delay(RelayLimits.CloseLimit, clock));
        transport.Close();
    }

    private static void Limit(ConnectionListener listener, int sessions, int links)
    {
        listener.BufferManager = new CappedBuffers(RelayLimits.MaxBufferBytes);
        listener.AMQP.MaxFrameSize = RelayLimits.MaxMessageBytes;
        listener.AMQP.IdleTimeout = (int)RelayLimits.IdleTimeout.TotalMilliseconds;
        listener.AMQP.MaxSessionsPerConnection = (ushort)sessions;
        listener.AMQP.MaxLinksPerSession = links;
    }
}
