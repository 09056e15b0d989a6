using System.Net.WebSockets;
using Amqp;
using Amqp.Listener;
using Portal.Relay;

namespace PortalApp.Relay;

/// <summary>The relay inside the portal: AMQP over WebSocket on the portal's own port; SASL by us, then the library serves.</summary>
internal sealed class EmbeddedRelay : IDisposable
{
    private static readonly TimeSpan CloseDeadline = TimeSpan.FromSeconds(2);
    private readonly RelayGate gate = new();
    private readonly ContainerHost host;
    private readonly RelayCredentialCheck check;
    private readonly ILogger<EmbeddedRelay> logger;
    private readonly RelayConnections connections = new();
    private int handshakes;

    public EmbeddedRelay(RelayBroker broker, RelayCredentialCheck check, IHostApplicationLifetime lifetime, ILogger<EmbeddedRelay> logger)
    {
        this.check = check;
        this.logger = logger;
        host = new ContainerHost([new Address($"{RelayGate.Scheme}://portal:1")]);
        host.CustomTransports[RelayGate.Scheme] = gate;
        host.AddressResolver = (_, _) => "-";
        var listener = host.Listeners[0];
        listener.BufferManager = new CappedBuffers();
        listener.AMQP.MaxFrameSize = RelayLimits.MaxMessageBytes;
        listener.AMQP.IdleTimeout = (int)TimeSpan.FromMinutes(1).TotalMilliseconds;
        listener.AMQP.MaxSessionsPerConnection = RelayLimits.MaxLinksPerConnection;
        listener.AMQP.MaxLinksPerSession = RelayLimits.MaxLinksPerConnection;
        host.RegisterLinkProcessor(broker);
        host.Open();
        lifetime.ApplicationStopping.Register(() =>
        {
            connections.CloseAll();
            host.Close();
        });
    }

    public async Task AcceptAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest || !context.WebSockets.WebSocketRequestedProtocols.Contains(RelayLimits.SubProtocol))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (Interlocked.Increment(ref handshakes) > RelayLimits.MaxHandshakes)
        {
            Interlocked.Decrement(ref handshakes);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        using var socket = await AcceptSocketAsync(context);
        await using var stream = WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false);
        RelayIdentity? identity;
        try
        {
            identity = await HandshakeAsync(stream, context.RequestAborted);
        }
        finally
        {
            Interlocked.Decrement(ref handshakes);
        }

        if (identity is not null)
        {
            await ServeAsync(stream, identity, context.RequestAborted);
        }

        await CloseAsync(socket);
    }

    /// <summary>Ends every connection of an agent, as when it was revoked.</summary>
    public void Disconnect(string agentId) => connections.Close(agentId);

    public IReadOnlyCollection<string> ConnectedAgents => connections.Agents;

    public void Dispose() => gate.Dispose();

    private static Task<WebSocket> AcceptSocketAsync(HttpContext context) =>
        context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext
            {
                SubProtocol = RelayLimits.SubProtocol,
                KeepAliveInterval = RelayLimits.KeepAlive,
                KeepAliveTimeout = RelayLimits.KeepAlive,
            }
        );

    private async Task<RelayIdentity?> HandshakeAsync(Stream stream, CancellationToken aborted)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        deadline.CancelAfter(RelayLimits.HandshakeDeadline);
        try
        {
            var identity = await SaslPlain.AuthenticateAsync(stream, check, deadline.Token);
            if (identity is null)
            {
                logger.EntryRefused();
            }

            return identity;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or WebSocketException or AmqpException)
        {
            logger.HandshakeFailed(e.GetType().Name);
            return null;
        }
    }

    private async Task ServeAsync(Stream stream, RelayIdentity identity, CancellationToken aborted)
    {
        var transport = new RelayTransport(stream, identity);
        if (!connections.TryAdd(transport))
        {
            logger.TooManyConnections(identity.AgentId, identity.Tenant);
            return;
        }

        try
        {
            gate.Enter(transport);
            await transport.Closed.WaitAsync(aborted);
        }
        catch (OperationCanceledException) { }
        finally
        {
            connections.Remove(transport);
        }
    }

    /// <summary>A polite close: an abort would hide from the peer why.</summary>
    private static async Task CloseAsync(WebSocket socket)
    {
        using var limit = new CancellationTokenSource(CloseDeadline);
        try
        {
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or InvalidOperationException) { }
    }
}
