using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MimeKit;

namespace PortalApp.Tests.Fixtures;

/// <summary>A real mail server (Exim, from the distribution) on a free loopback port, which takes every recipient into one Maildir.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private const string Account = "Debian-exim";
    private readonly string folder;
    private readonly Process process;

    private MailServer(string folder, int port, Process process)
    {
        this.folder = folder;
        Port = port;
        this.process = process;
    }

    public int Port { get; }

    /// <param name="unicode">It takes addresses in any script (SMTPUTF8, RFC 6531).</param>
    /// <param name="manner">Lines of its configuration that say how it treats callers; "take" is the list that recipients go through.</param>
    public static async Task<MailServer> StartAsync(CancellationToken cancellationToken, bool unicode = true, MailManner? manner = null)
    {
        var folder = Directory.CreateTempSubdirectory("mail-").FullName;
        var port = FreePort();
        Directory.CreateDirectory(Path.Combine(folder, "mail"));
        Directory.CreateDirectory(Path.Combine(folder, "spool"));
        Directory.CreateDirectory(Path.Combine(folder, "log"));
        if (manner?.Certificate is { } certificate)
        {
            // Owned by the account that it runs as, which alone may read them.
            File.Copy(certificate.CertificateFile, Path.Combine(folder, "tls.pem"));
            File.Copy(certificate.KeyFile, Path.Combine(folder, "tls.key"));
        }

        await File.WriteAllTextAsync(
            Path.Combine(folder, "exim.conf"),
            Configuration(folder, port, unicode, manner ?? new()),
            cancellationToken
        );
        using (var chown = Process.Start("chown", ["-R", Account, folder]))
        {
            await chown.WaitForExitAsync(cancellationToken);
        }

        // Exim reads a configuration that root owns, and nobody else may write.
        using (var chown = Process.Start("chown", ["root", folder, Path.Combine(folder, "exim.conf")]))
        {
            await chown.WaitForExitAsync(cancellationToken);
        }

        File.SetUnixFileMode(
            folder,
            UnixFileMode.UserRead
                | UnixFileMode.UserWrite
                | UnixFileMode.UserExecute
                | UnixFileMode.GroupExecute
                | UnixFileMode.OtherExecute
        );
        var start = new ProcessStartInfo("/usr/sbin/exim4", ["-bdf", "-C", Path.Combine(folder, "exim.conf")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var server = new MailServer(folder, port, Process.Start(start) ?? throw new InvalidOperationException("exim4 did not start."));
        await server.WaitUntilListeningAsync(cancellationToken);
        return server;
    }

    /// <summary>Connections that callers have ended in order, so far; one that is kept is none of them.</summary>
    public async Task<int> ConnectionsAsync(CancellationToken cancellationToken) =>
        (await File.ReadAllLinesAsync(Path.Combine(folder, "log", "mainlog"), cancellationToken)).Count(l =>
            l.Contains("SMTP connection from", StringComparison.Ordinal) && l.Contains("closed by QUIT", StringComparison.Ordinal)
        );

    public int Count => Delivered().Count();

    /// <summary>The first mail to that address; waits for it until the token ends.</summary>
    public async Task<MimeMessage> WaitForAsync(string recipient, CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (var file in Delivered())
            {
                var message = await MimeMessage.LoadAsync(file, cancellationToken);
                if (message.To.Mailboxes.Any(m => m.Address == recipient))
                {
                    return message;
                }
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private IEnumerable<string> Delivered()
    {
        var arrived = Path.Combine(folder, "mail", "new");
        return Directory.Exists(arrived) ? Directory.EnumerateFiles(arrived) : [];
    }

    private async Task WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(25, cancellationToken);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Configuration(string folder, int port, bool unicode, MailManner manner) =>
        $"""
            primary_hostname = mail.test
            spool_directory = {folder}/spool
            log_file_path = {folder}/log/%slog
            pid_file_path = {folder}/exim.pid
            local_interfaces = 127.0.0.1
            daemon_smtp_ports = {port}
            smtputf8_advertise_hosts = {(unicode ? "*" : "")}
            log_selector = +smtp_connection
            smtp_accept_max = 100
            smtp_accept_queue_per_connection = 0
            tls_advertise_hosts = {(manner.Certificate is null ? "" : "*")}
            tls_certificate = {folder}/tls.pem
            tls_privatekey = {folder}/tls.key
            {manner.Main}
            acl_smtp_connect = greet
            acl_smtp_rcpt = take
            begin acl
            greet:
              accept {manner.Greeting}
            take:
              {manner.Recipients}
              accept
            begin routers
            all:
              driver = accept
              transport = file
            begin transports
            file:
              driver = appendfile
              directory = {folder}/mail
              maildir_format
              user = {Account}

            """;
}

/// <summary>How the mail server treats those who call it, in its own words.</summary>
/// <param name="Main">Of its main section.</param>
/// <param name="Certificate">With which it offers STARTTLS; null for none.</param>
/// <param name="Greeting">Before it greets, such as <c>delay = 6s</c>.</param>
/// <param name="Recipients">Before a recipient is taken.</param>
internal sealed record MailManner(string Main = "", string Greeting = "", string Recipients = "", ServerCertificate? Certificate = null);
