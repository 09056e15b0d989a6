using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;

namespace PortalApp.Tests.Benchmarks;

/// <summary>
/// A page of the desk as a browser has it open, without the browser: one circuit over a socket of its own, spoken as the framework's script does
/// (BlazorPack: MessagePack in frames with a length). What is drawn is acknowledged and thrown away.
/// </summary>
internal sealed partial class OpenDesk : IDisposable
{
    private const byte Text16 = 0xda;
    private const byte Int64 = 0xd3;
    private const byte Nil = 0xc0;
    private const byte Invocation = 0x96;
    private const byte Arrays = 0x90;
    private static readonly byte[] Drawn = Encoding.ASCII.GetBytes("JS.RenderBatch");
    private readonly ClientWebSocket socket = new();
    private readonly CancellationTokenSource end = new();
    private int batches;

    private OpenDesk() { }

    /// <summary>How often something was drawn.</summary>
    public int Batches => batches;

    /// <param name="client">As the page was fetched.</param>
    /// <param name="html">Of the page.</param>
    public static async Task<OpenDesk> OpenAsync(Uri page, string html, string cookies, HttpMessageInvoker client)
    {
        var desk = new OpenDesk();
        var origin = page.GetLeftPart(UriPartial.Authority);
        desk.socket.Options.SetRequestHeader("Cookie", cookies);
        desk.socket.Options.SetRequestHeader("Origin", origin);
        await desk.socket.ConnectAsync(new($"wss://{page.Authority}/_blazor"), client, desk.end.Token);
        await desk.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"));
        var components = $"[{string.Join(',', Marker().Matches(html).Select(m => m.Groups["json"].Value))}]";
        await desk.CallAsync("StartCircuit", "1", $"{origin}/", page.AbsoluteUri, components, State().Match(html).Groups["state"].Value);
        _ = desk.ListenAsync();
        return desk;
    }

    public void Dispose()
    {
        end.Cancel();
        socket.Dispose();
        end.Dispose();
    }

    private async Task ListenAsync()
    {
        var heard = new byte[16 * 1024];
        using var message = new MemoryStream();
        while (!end.IsCancellationRequested)
        {
            var part = await socket.ReceiveAsync(heard, end.Token);
            message.Write(heard, 0, part.Count);
            if (part.EndOfMessage)
            {
                await AcknowledgeAsync(message.GetBuffer().AsMemory(0, (int)message.Length));
                message.SetLength(0);
            }
        }
    }

    private async Task AcknowledgeAsync(ReadOnlyMemory<byte> message)
    {
        for (var rest = message; rest.Span.IndexOf(Drawn) is >= 0 and var at; )
        {
            rest = rest[(at + Drawn.Length)..];
            batches++;
            await CallAsync("OnRenderCompleted", null, Number(rest.Span[1..]), null);
        }
    }

    /// <summary>Of the forms that MessagePack has for a whole number.</summary>
    private static long Number(ReadOnlySpan<byte> bytes) =>
        bytes[0] switch
        {
            < 0x80 => bytes[0],
            0xcc => bytes[1],
            0xcd or 0xd1 => BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]),
            0xce or 0xd2 => BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]),
            _ => BinaryPrimitives.ReadInt64BigEndian(bytes[1..]),
        };

    private Task CallAsync(string method, string? id, params object?[] arguments)
    {
        List<byte> body = [Invocation, 1, 0x80, .. Value(id), .. Value(method), (byte)(Arrays | arguments.Length)];
        body.AddRange(arguments.SelectMany(Value));
        body.Add(Arrays);
        List<byte> frame = [];
        for (var length = body.Count; ; length >>= 7)
        {
            frame.Add((byte)(length > 127 ? (length & 127) | 128 : length));
            if (length <= 127)
            {
                break;
            }
        }

        return SendAsync([.. frame, .. body]);
    }

    private static byte[] Value(object? value)
    {
        switch (value)
        {
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                return [Text16, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
            case long number:
                var big = new byte[sizeof(long)];
                BinaryPrimitives.WriteInt64BigEndian(big, number);
                return [Int64, .. big];
            default:
                return [Nil];
        }
    }

    private Task SendAsync(byte[] bytes) => socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, end.Token);

    [GeneratedRegex("<!--Blazor:(?<json>\\{\"type\":\"server\".*?\\})-->", RegexOptions.ExplicitCapture)]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(?<state>.*?)-->", RegexOptions.ExplicitCapture)]
    private static partial Regex State();
}
