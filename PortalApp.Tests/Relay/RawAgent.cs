using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Portal.Relay;

namespace PortalApp.Tests.Relay;

/// <summary>A peer that writes its own bytes, where the library would not.</summary>
internal sealed class RawAgent : IDisposable
{
    private readonly ClientWebSocket socket = new();

    public WebSocketState State => socket.State;

    public static async Task<RawAgent> OpenAsync(TestEndpoint agent, string? subProtocol = RelayLimits.SubProtocol, IPAddress? from = null)
    {
        var raw = new RawAgent();
        if (subProtocol is not null)
        {
            raw.socket.Options.AddSubProtocol(subProtocol);
        }

        raw.socket.Options.CollectHttpResponseDetails = true;
        using var invoker = InvokerFrom(from ?? IPAddress.Loopback);
        try
        {
            await raw.socket.ConnectAsync(agent.Address, invoker, TestContext.Current.CancellationToken);
        }
        catch (WebSocketException)
        {
            // The test reads Status.
        }

        return raw;
    }

    /// <summary>As somebody of another network: the whole of 127.0.0.0/8 is this machine.</summary>
    private static HttpMessageInvoker InvokerFrom(IPAddress from) =>
        new(
            new SocketsHttpHandler
            {
                SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
                ConnectCallback = async (context, cancellation) =>
                {
                    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    socket.Bind(new IPEndPoint(from, 0));
                    await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        );

    public int Status => (int)socket.HttpStatusCode;

    public async Task LogInAsync(TestEndpoint agent)
    {
        await SendAsync([.. "AMQP"u8, 3, 1, 0, 0]);
        await SendAsync(SaslInit("PLAIN", $"\0{agent.User}\0{agent.Secret}"));
        await SendAsync([.. "AMQP"u8, 0, 1, 0, 0]);
        await SendFrameAsync(new Open { ContainerId = "raw", HostName = "localhost" });
    }

    public static byte[] SaslInit(string mechanism, string response)
    {
        byte[] fields =
        [
            0xa3,
            (byte)mechanism.Length,
            .. Encoding.ASCII.GetBytes(mechanism),
            0xa0,
            (byte)response.Length,
            .. Encoding.ASCII.GetBytes(response),
        ];
        byte[] body = [2, 1, 0, 0, 0x00, 0x53, 0x41, 0xc0, (byte)(fields.Length + 1), 2, .. fields];
        return [.. Size(body.Length + 4), .. body];
    }

    public Task SendFrameAsync(DescribedList performative, byte[]? payload = null)
    {
        var buffer = new ByteBuffer(1024, autoGrow: true);
        performative.Encode(buffer);
        var body = buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
        return SendAsync([.. Size(8 + body.Length + (payload?.Length ?? 0)), 2, 0, 0, 0, .. body, .. payload ?? []]);
    }

    public Task SendAsync(byte[] bytes) =>
        socket.SendAsync(bytes, WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);

    /// <summary>Everything the relay still says, until it closes or cuts the connection.</summary>
    public async Task<byte[]> ReadToEndAsync(TimeSpan within)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(within);
        var said = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) is { MessageType: not WebSocketMessageType.Close } part)
            {
                said.Write(buffer, 0, part.Count);
            }
        }
        catch (WebSocketException)
        {
            // Cut, not closed.
        }

        return said.ToArray();
    }

    public void Dispose() => socket.Dispose();

    private static byte[] Size(int size)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, size);
        return bytes;
    }
}
