using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Amqp;
using Amqp.Handler;
using Amqp.Listener;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Portal.Relay;
using Portal.Tenants;
using PortalApp.Relay;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Relay.ServiceBus;

/// <summary>
/// Stands in for a Service Bus, which is a paid service of others: it speaks the dialect that Microsoft's unchanged client speaks (SASL MSSBCBS,
/// <c>$cbs</c> with signed tokens, locks and their renewal, dead letters). It cannot show the real service's latency, throttling, accepted idle
/// time-outs or Entra identities.
/// </summary>
internal sealed class StandInServiceBus : IAsyncDisposable
{
    private const string Scheme = "standin";

    private readonly TimeProvider clock;
    private readonly RelayGate gate = new(Scheme);
    private readonly ContainerHost host = new([new Address($"{Scheme}://service:1")]) { AddressResolver = (_, _) => "-" };
    private readonly ConcurrentDictionary<string, StandInQueue> queues = [];
    private readonly ConcurrentDictionary<string, StandInPolicy> policies = [];
    private readonly ConcurrentDictionary<RelayTransport, byte> connected = [];
    private WebApplication app = null!;

    private StandInServiceBus(TimeProvider clock) => this.clock = clock;

    public int Port { get; private set; }

    /// <param name="tls">Of a service that is reached by its name; null for plain WebSockets.</param>
    public static async Task<StandInServiceBus> StartAsync(TimeProvider? clock = null, ServerCertificate? tls = null)
    {
        var service = new StandInServiceBus(clock ?? TimeProvider.System);
        var listener = service.host.Listeners[0];
        listener.AMQP.MaxFrameSize = 64 * 1024;
        // Half of it goes into the open frame, and the client refuses less than five seconds.
        listener.AMQP.IdleTimeout = 20_000;
        listener.HandlerFactory = _ => new LockTokens();
        service.host.CustomTransports[Scheme] = service.gate;
        service.host.RegisterLinkProcessor(new StandInLinks(service.queues, service.policies));
        service.host.Open();

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                listen =>
                {
                    if (tls is not null)
                    {
                        listen.UseHttps(X509Certificate2.CreateFromPemFile(tls.CertificateFile, tls.KeyFile));
                    }
                }
            )
        );
        service.app = builder.Build();
        service.app.UseWebSockets();
        service.app.Map(RelayLimits.Path, (RequestDelegate)service.ServeAsync);
        await service.app.StartAsync();
        service.Port = new Uri(RunningPortal.AddressOf(service.app)).Port;
        return service;
    }

    public StandInQueue AddQueue(RelayAddress name) => queues.GetOrAdd(name.Value, _ => new(clock));

    /// <param name="named">The connection string says which queue it is for, and the client keeps to that by itself.</param>
    /// <returns>The connection string of a policy of the namespace, or of one queue.</returns>
    /// <param name="host">The service's name, where TLS is on; null for this machine, where it is off.</param>
    public string AddPolicy(
        bool sends = false,
        bool listens = false,
        string? queue = null,
        int? port = null,
        bool named = true,
        string? host = null
    )
    {
        var name = $"policy-{policies.Count}";
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        policies[name] = new(key, sends, listens, queue);
        var entity = queue is null || !named ? "" : $";EntityPath={queue}";
        var at = host is null ? $"127.0.0.1:{port ?? Port};UseDevelopmentEmulator=true" : $"{host}/";
        return $"Endpoint=sb://{at};SharedAccessKeyName={name};SharedAccessKey={key}{entity}";
    }

    /// <summary>All keys are dead, and who used one is cut off.</summary>
    public void WithdrawKeys()
    {
        policies.Clear();
        Cut();
    }

    public void Cut()
    {
        foreach (var transport in connected.Keys)
        {
            transport.Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        host.Close();
        await app.DisposeAsync();
        gate.Dispose();
        foreach (var queue in queues.Values)
        {
            queue.Dispose();
        }
    }

    private async Task ServeAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync(RelayLimits.SubProtocol);
        await using var stream = WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false);
        await StandInSasl.AnswerAsync(stream, http.RequestAborted);
        var transport = new RelayTransport(stream, new RelayPeer(new("a stranger until its token", new TenantId(0), [])));
        connected[transport] = 0;
        try
        {
            gate.Admit(transport);
            await transport.Closed.WaitAsync(http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            connected.TryRemove(transport, out _);
            socket.Abort();
        }
    }

    /// <summary>The only way to a delivery tag of one's own; the client takes it for the lock token.</summary>
    private sealed class LockTokens : IHandler
    {
        public bool CanHandle(Amqp.Handler.EventId id) => id == Amqp.Handler.EventId.SendDelivery;

        public void Handle(Event protocolEvent)
        {
            if (protocolEvent.Context is IDelivery { Message: StandInDelivery held } delivery)
            {
                delivery.Tag = held.LockToken.ToByteArray();
            }
        }
    }
}

/// <summary>A shared access policy.</summary>
internal sealed record StandInPolicy(string Key, bool Sends, bool Listens, string? Queue);
