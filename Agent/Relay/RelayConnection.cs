using System.Net.Security;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Threading.Channels;
using Agent.Certificates;
using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using Portal.Relay;

namespace Agent.Relay;

/// <summary>
/// One AMQP 1.0 connection over WebSocket to a tenant's relay. It does not reconnect: when it is closed, make another.
/// </summary>
internal sealed class RelayConnection : IAsyncDisposable
{
    private readonly Connection connection;
    private readonly Session session;

    private RelayConnection(Connection connection)
    {
        this.connection = connection;
        session = new Session(connection);
    }

    public bool IsClosed => connection.IsClosed;

    public static async Task<RelayConnecting> ConnectAsync(RelayEndpoint endpoint, CancellationToken cancellation)
    {
        var at = endpoint.Address;
        var trust = new ServerTrust(endpoint.Roots, "portalCa");
        string? untrusted = null;
        var factory = FactoryFor(
            (_, certificate, built, errors) => (untrusted = trust.Problem(at.Host, certificate, built, errors)) is null
        );
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(RelayLimits.ConnectDeadline);
            var address = new Address(at.Host, at.Port, endpoint.User, endpoint.Secret, at.AbsolutePath, at.Scheme);
            var connection = await CreateAsync(factory, address, limit.Token);
            return new RelayConnecting.Connected(new RelayConnection(connection));
        }
        catch (AmqpException e) when (e.Error?.Description?.Contains(nameof(SaslCode.SysTemp), StringComparison.Ordinal) is true)
        {
            return new RelayConnecting.Refused(RelayFault.Unreachable, "The relay has no room for another connection now.");
        }
        catch (AmqpException e) when (e.Error?.Condition?.ToString() == ErrorCode.UnauthorizedAccess)
        {
            return new RelayConnecting.Refused(
                RelayFault.Unauthorised,
                "the relay refuses this agent; it was revoked, or must be enrolled anew"
            );
        }
        catch (Exception) when (untrusted is not null)
        {
            return new RelayConnecting.Refused(RelayFault.Untrusted, $"The relay's certificate is not trusted: {untrusted}.");
        }
        catch (Exception e)
            when (e
                    is AmqpException
                        or WebSocketException
                        or IOException
                        or TimeoutException
                        or AuthenticationException
                        or System.Net.Sockets.SocketException
                || (e is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            return new RelayConnecting.Refused(
                RelayFault.Unreachable,
                $"{at.Host}:{at.Port} does not answer as a relay ({e.GetType().Name})."
            );
        }
    }

    /// <summary>Messages of one address, until the connection or the receiver ends. Each must be settled.</summary>
    /// <param name="credit">How many may be in work at a time.</param>
    public async IAsyncEnumerable<RelayDelivery> ReceiveAsync(
        RelayAddress address,
        int credit,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var arrived = Channel.CreateUnbounded<RelayDelivery>(new UnboundedChannelOptions { SingleReader = true });
        var link = new ReceiverLink(session, $"requests-{Guid.CreateVersion7():N}", address.Value);
        link.Closed += (_, _) => arrived.Writer.TryComplete();
        connection.Closed += (_, _) => arrived.Writer.TryComplete();
        link.Start(credit, (receiver, message) => arrived.Writer.TryWrite(DeliveryOf((ReceiverLink)receiver, message)));
        while (!connection.IsClosed && !link.IsClosed)
        {
            var waiting = arrived.Reader.WaitToReadAsync(cancellation).AsTask();
            var tick = Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            if (await Task.WhenAny(waiting, tick) == waiting && !await waiting)
            {
                yield break;
            }

            while (arrived.Reader.TryRead(out var delivery))
            {
                yield return delivery;
            }
        }
    }

    private static RelayDelivery DeliveryOf(ReceiverLink link, Message message) =>
        new(
            message.Properties?.MessageId ?? "",
            message.BodySection is Data { Binary: { } bytes } ? bytes : ReadOnlyMemory<byte>.Empty,
            how =>
            {
                Settle(link, message, how);
                return Task.CompletedTask;
            }
        );

    private static void Settle(ReceiverLink link, Message message, Settlement how)
    {
        try
        {
            switch (how)
            {
                case Settlement.Accepted:
                    link.Accept(message);
                    break;
                case Settlement.LeftForAnother:
                    link.Modify(message, deliveryFailed: false, undeliverableHere: true);
                    break;
                case Settlement.Dropped:
                    link.Reject(message);
                    break;
            }
        }
        catch (AmqpException) { }
        catch (ObjectDisposedException) { }
        catch (InvalidOperationException) { }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await connection.CloseAsync(RelayLimits.CloseLimit, null);
        }
        catch (Exception e) when (e is AmqpException or TimeoutException or ObjectDisposedException) { }
    }

    /// <summary>The library cannot be stopped while it dials: what it opens after all would hold one of the agent's places for ever, and is closed.</summary>
    private static async Task<Connection> CreateAsync(ConnectionFactory factory, Address address, CancellationToken limit)
    {
        var creating = factory.CreateAsync(address);
        try
        {
            return await creating.WaitAsync(limit);
        }
        catch (OperationCanceledException)
        {
            _ = creating.ContinueWith(
                late =>
                {
                    if (late is { IsCompletedSuccessfully: true })
                    {
                        late.Result.Close(TimeSpan.Zero, null);
                    }

                    _ = late.Exception;
                },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default
            );
            throw;
        }
    }

    private static ConnectionFactory FactoryFor(RemoteCertificateValidationCallback validate)
    {
        var transport = new WebSocketTransportFactory(RelayLimits.SubProtocol)
        {
            Options = options =>
            {
                options.RemoteCertificateValidationCallback = validate;
                options.KeepAliveInterval = RelayLimits.KeepAlive;
                options.KeepAliveTimeout = RelayLimits.KeepAlive;
            },
        };
        var factory = new ConnectionFactory([transport]) { BufferManager = new CappedBuffers(RelayLimits.MaxBufferBytes) };
        factory.AMQP.IdleTimeout = (int)RelayLimits.IdleTimeout.TotalMilliseconds;
        factory.AMQP.MaxFrameSize = RelayLimits.MaxMessageBytes;
        factory.AMQP.ContainerId = $"portal-agent-{Guid.CreateVersion7():N}";
        return factory;
    }
}
