using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Audit;

/// <summary>One message as a strict reader of RFC 5424 takes it apart.</summary>
internal sealed record SyslogLine(string Host, string Event, IReadOnlyDictionary<string, string> Data, string Text);

/// <summary>A receiver of syslog over TLS (RFC 5425) that takes nothing but well-formed messages, and can be away or fall over.</summary>
internal sealed partial class SyslogReceiver : IAsyncDisposable
{
    private readonly ServerCertificate certificate;
    private readonly ConcurrentQueue<SyslogLine> lines = [];
    private readonly ConcurrentQueue<Exception> complaints = [];
    private CancellationTokenSource stop = new();
    private TcpListener? listener;
    private Task accepting = Task.CompletedTask;

    public SyslogReceiver(ServerCertificate certificate)
    {
        this.certificate = certificate;
        Port = Loopback.FreePort();
        Start();
    }

    public int Port { get; }

    /// <summary>Reads so many messages of the next connection and falls over.</summary>
    public int? FallsAfter { get; set; }

    public IReadOnlyList<SyslogLine> Lines => [.. lines];

    /// <summary>What could not be read.</summary>
    public IReadOnlyCollection<Exception> Complaints => complaints;

    public void Start()
    {
        stop = new();
        listener = new(IPAddress.Loopback, Port);
        listener.Start();
        accepting = AcceptAsync(listener, stop.Token);
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        listener?.Dispose();
        await accepting.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener from, CancellationToken cancellation)
    {
        while (true)
        {
            await ServeAsync(await from.AcceptTcpClientAsync(cancellation), cancellation);
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cancellation)
    {
        using var tcp = client;
        try
        {
            await using var tls = new SslStream(tcp.GetStream());
            using var own = X509Certificate2.CreateFromPemFile(certificate.CertificateFile, certificate.KeyFile);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = own }, cancellation);
            while (await ReadFrameAsync(tls, cancellation) is { } frame)
            {
                if (FallsAfter is 0)
                {
                    FallsAfter = null;
                    tcp.Client.Close(0);
                    return;
                }

                FallsAfter--;
                lines.Enqueue(Read(frame));
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            complaints.Enqueue(e);
        }
    }

    /// <summary>Null at the end of the connection.</summary>
    private static async Task<string?> ReadFrameAsync(SslStream tls, CancellationToken cancellation)
    {
        var (length, one) = (new StringBuilder(), new byte[1]);
        while (true)
        {
            if (await tls.ReadAsync(one, cancellation) == 0)
            {
                return length.Length == 0 ? null : throw new FormatException("The connection ended within a frame.");
            }

            if (one[0] == ' ')
            {
                break;
            }

            length.Append((char)one[0]);
        }

        var frame = new byte[int.Parse(length.ToString(), System.Globalization.CultureInfo.InvariantCulture)];
        await tls.ReadExactlyAsync(frame, cancellation);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(frame);
    }

    private static SyslogLine Read(string message)
    {
        var found = Form().Match(message);
        if (!found.Success)
        {
            throw new FormatException(message);
        }

        var data = Parameter()
            .Matches(found.Groups["data"].Value)
            .ToDictionary(p => p.Groups["name"].Value, p => Escape().Replace(p.Groups["value"].Value, "$1"));
        return new(found.Groups["host"].Value, found.Groups["msgid"].Value, data, found.Groups["text"].Value);
    }

    [GeneratedRegex(
        """^<109>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z (?<host>[!-~]{1,255}) portal - (?<msgid>\d{5}) \[audit@32473(?<data>( \w{1,32}="([^"\\\]]|\\["\\\]])*")*)\](?: \ufeff(?<text>[^\u0000-\u001f]*))?$"""
    )]
    private static partial Regex Form();

    [GeneratedRegex("""(?<name>\w+)="(?<value>([^"\\\]]|\\["\\\]])*)(")""")]
    private static partial Regex Parameter();

    [GeneratedRegex("""\\(["\\\]])""")]
    private static partial Regex Escape();
}
