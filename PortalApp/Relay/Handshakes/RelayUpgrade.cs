using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.Options;
using Portal.Relay;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Throttle;

namespace PortalApp.Relay.Handshakes;

/// <summary>One agent's way in: WebSocket, handshake within its deadline, count, and then the relay until the connection ends.</summary>
internal sealed class RelayUpgrade(
    EmbeddedRelay relay,
    HandshakePlaces places,
    RelayCredentialCheck check,
    IOptions<PortalOptions> options,
    TimeProvider clock,
    LogPerMinute lines,
    ILogger<RelayUpgrade> logger
)
{
    public async Task HandleAsync(HttpContext context)
    {
        var sockets = context.WebSockets;
        if (!sockets.IsWebSocketRequest || !sockets.WebSocketRequestedProtocols.Contains(RelayLimits.SubProtocol))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "The relay speaks AMQP 1.0 over WebSocket alone.");
            return;
        }

        // Agents send no Origin; a browser's page of another site does (H96).
        if (!options.Value.IsOrigin(context.Request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "The relay is for agents.");
            return;
        }

        var from = NetworkPrefix.Of(context.Connection.RemoteIpAddress);
        using var handshake = relay.Closing.IsCancellationRequested ? null : places.TryEnter(from);
        if (handshake is null)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "The relay takes no more connections now; try again.");
            return;
        }

        try
        {
            using var socket = await AcceptAsync(sockets);
            await using var stream = WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false);
            await AdmitAsync(stream, handshake, context.Connection.RemoteIpAddress, context.RequestAborted);
            await CloseAsync(socket);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            context.Abort();
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string title) =>
        new ProblemAnswer(status, title, $"{title} From {context.Connection.RemoteIpAddress}").ExecuteAsync(context);

    private void Refused(IPAddress? remote, string why) => lines.Say($"relay: {why}", more => logger.HandshakeFailed(remote, why, more));

    private static Task<WebSocket> AcceptAsync(WebSocketManager sockets) =>
        sockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext
            {
                SubProtocol = RelayLimits.SubProtocol,
                KeepAliveInterval = RelayLimits.KeepAlive,
                KeepAliveTimeout = RelayLimits.KeepAlive,
            }
        );

    private async Task AdmitAsync(Stream stream, IDisposable handshake, IPAddress? remote, CancellationToken aborted)
    {
        using var deadline = new CancellationTokenSource(RelayLimits.HandshakeDeadline, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, aborted, relay.Closing);
        if (await SaslHandshake.ReadAsync(stream, both.Token) is not { } credentials)
        {
            Refused(remote, "it does not speak SASL PLAIN");
            return;
        }

        if (await check(credentials.User, credentials.SecretSha256, both.Token) is not { } agent)
        {
            Refused(remote, "unknown agent or wrong secret");
            await SaslHandshake.AnswerAsync(stream, SaslHandshake.WrongCredentials, both.Token);
            return;
        }

        if (!relay.Connections.TryEnter(agent))
        {
            logger.TooManyConnections(agent.AgentId, agent.Tenant);
            await SaslHandshake.AnswerAsync(stream, SaslHandshake.TryLater, both.Token);
            return;
        }

        try
        {
            await SaslHandshake.AnswerAsync(stream, SaslHandshake.Ok, both.Token);
            handshake.Dispose();
            await relay.ServeAsync(stream, agent, aborted);
        }
        finally
        {
            relay.Connections.Leave(agent);
        }
    }

    /// <summary>
    /// A proper close, as the peer would else read a broken socket where it should read the relay's error. What the peer still has on its way
    /// is thrown away up to a bound; then it is cut off.
    /// </summary>
    private async Task CloseAsync(WebSocket socket)
    {
        using var limit = new CancellationTokenSource(RelayLimits.CloseLimit, clock);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", limit.Token);
        var buffer = new byte[4096];
        for (var discarded = 0; discarded < RelayLimits.MaxBufferBytes; )
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            discarded += part.Count + 1;
        }

        socket.Abort();
    }
}
