using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Portal.Relay;
using Portal.Relay.ServiceBus;
using Portal.Tenants;

namespace PortalApp.Relay.ServiceBus;

/// <summary>
/// A client for each tenant that sent of late, and in it a sender for each queue: opened when first needed, closed when idle. Another key is
/// another client; the old one is soon idle.
/// </summary>
internal sealed class ServiceBusClients : IAsyncDisposable
{
    private readonly ServiceBusStore store;
    private readonly TimeProvider clock;
    private readonly ILogger<ServiceBusClients> logger;
    private readonly Lock turn = new();
    private readonly Dictionary<(TenantId Tenant, DateTimeOffset Since), Held> open = [];
    private readonly ITimer sweeper;

    public ServiceBusClients(ServiceBusStore store, TimeProvider clock, ILogger<ServiceBusClients> logger)
    {
        this.store = store;
        this.clock = clock;
        this.logger = logger;
        sweeper = clock.CreateTimer(_ => _ = CloseIdleAsync(), null, ServiceBusLimits.ClientIdle / 10, ServiceBusLimits.ClientIdle / 10);
    }

    /// <summary>How many are open.</summary>
    public int Count
    {
        get
        {
            lock (turn)
            {
                return open.Count;
            }
        }
    }

    /// <summary>Good for one send; a send takes far less time than a client may idle.</summary>
    public ServiceBusSender SenderOf(TenantServiceBus bus, RelayAddress queue)
    {
        lock (turn)
        {
            if (!open.TryGetValue((bus.Tenant, bus.Since), out var held))
            {
                open[(bus.Tenant, bus.Since)] = held = new(store.Open(bus).Open());
            }

            held.UsedAt = clock.GetTimestamp();
            return held.Senders.GetOrAdd(queue, at => held.Client.CreateSender(at.Value));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await sweeper.DisposeAsync();
        await CloseAsync(_ => true);
    }

    private Task CloseIdleAsync() => CloseAsync(held => clock.GetElapsedTime(held.UsedAt) >= ServiceBusLimits.ClientIdle);

    private async Task CloseAsync(Func<Held, bool> which)
    {
        List<Held> closing = [];
        lock (turn)
        {
            foreach (var (of, held) in open.Where(entry => which(entry.Value)).ToList())
            {
                open.Remove(of);
                closing.Add(held);
            }
        }

        await Task.WhenAll(closing.Select(CloseAsync));
    }

    /// <summary>Of a service that does not answer nothing is lost but a connection that it has lost as well.</summary>
    private async Task CloseAsync(Held held)
    {
        try
        {
            await held.Client.DisposeAsync().AsTask().WaitAsync(RelayLimits.CloseLimit, clock);
        }
        catch (Exception e)
        {
            logger.ServiceBusNotClosed(e.GetType().Name);
        }
    }

    private sealed class Held(ServiceBusClient client)
    {
        public ServiceBusClient Client => client;

        public ConcurrentDictionary<RelayAddress, ServiceBusSender> Senders { get; } = [];

        /// <summary>On the clock that never goes back.</summary>
        public long UsedAt { get; set; }
    }
}
