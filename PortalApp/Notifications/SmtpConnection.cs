using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace PortalApp.Notifications;

/// <summary>One connection to the mail server, kept between mails and made anew where the server has ended it. For one mail at a time.</summary>
internal sealed class SmtpConnection(SmtpOptions options, string heloName, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>Servers end a silent connection after a few minutes (RFC 5321 §4.5.3.2.7); none is kept for nothing.</summary>
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(60);
    private SmtpClient? client;
    private long usedAt;

    public bool IsIdle => client is not null && clock.GetElapsedTime(usedAt) > LongestIdle;

    /// <returns>How long the mail itself took, without connecting.</returns>
    /// <exception cref="NoUnicodeAddressException">The server takes no name before the @ in another script.</exception>
    /// <exception cref="MailCertificateException">The server's certificate is not one to trust.</exception>
    public Task<TimeSpan> SendAsync(MimeMessage message, CancellationToken cancellation) =>
        UseAsync(
            async server =>
            {
                var format = FormatOptions.Default.Clone();
                format.International = server.Capabilities.HasFlag(SmtpCapabilities.UTF8);
                if (!format.International && message.To.Mailboxes.Any(m => !Ascii.IsValid(m.Address.AsSpan(0, m.Address.LastIndexOf('@')))))
                {
                    throw new NoUnicodeAddressException();
                }

                await server.SendAsync(format, message, cancellation);
            },
            cancellation
        );

    /// <summary>Connects and asks the server whether it is there, as a mail would, and is busy for that long.</summary>
    public Task OccupyAsync(TimeSpan time, CancellationToken cancellation) =>
        UseAsync(
            async server =>
            {
                await server.NoOpAsync(cancellation);
                await Task.Delay(time, clock, cancellation);
            },
            cancellation
        );

    public async ValueTask DisposeAsync()
    {
        if (client is not { } gone)
        {
            return;
        }

        client = null;
        try
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await gone.DisconnectAsync(quit: true, soon.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ProtocolException or ServiceNotConnectedException)
        {
            // It was gone already.
        }

        gone.Dispose();
    }

    private async Task<TimeSpan> UseAsync(Func<SmtpClient, Task> use, CancellationToken cancellation)
    {
        var wasThere = client is { IsConnected: true } && !IsIdle;
        try
        {
            return await TryAsync(use, cancellation);
        }
        catch (Exception e) when (wasThere && IsEnd(e) && !cancellation.IsCancellationRequested)
        {
            return await TryAsync(use, cancellation);
        }
    }

    private async Task<TimeSpan> TryAsync(Func<SmtpClient, Task> use, CancellationToken cancellation)
    {
        try
        {
            var server = await ConnectedAsync(cancellation);
            var begun = clock.GetTimestamp();
            await use(server);
            usedAt = clock.GetTimestamp();
            return clock.GetElapsedTime(begun, usedAt);
        }
        catch (Exception e) when (!LeavesConnection(e))
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task<SmtpClient> ConnectedAsync(CancellationToken cancellation)
    {
        if (client is { IsConnected: true } && !IsIdle)
        {
            return client;
        }

        await DisposeAsync();
        string? fault = null;
        client = new SmtpClient
        {
            Timeout = (int)Timeout.TotalMilliseconds,
            LocalDomain = heloName,
            CheckCertificateRevocation = options.CheckRevocation,
            ServerCertificateValidationCallback = (_, certificate, chain, errors) =>
                (fault = FaultOf((X509Certificate2)certificate!, chain!, errors)) is null,
        };
        try
        {
            await client.ConnectAsync(options.Host, options.Port, SecurityOf(options.Security), cancellation);
        }
        catch (SslHandshakeException) when (fault is not null)
        {
            throw new MailCertificateException(fault);
        }

        if (!string.IsNullOrEmpty(options.UserName))
        {
            var password = (await File.ReadAllTextAsync(options.ResolvedPasswordFile!, cancellation)).TrimEnd('\r', '\n');
            await client.AuthenticateAsync(options.UserName, password, cancellation);
        }

        usedAt = clock.GetTimestamp();
        return client;
    }

    /// <summary>Which check failed, in words; null for a certificate to trust.</summary>
    private string? FaultOf(X509Certificate2 certificate, X509Chain sent, SslPolicyErrors errors)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"the certificate is not for {options.Host}";
        }

        if (string.IsNullOrEmpty(options.Ca))
        {
            return errors == SslPolicyErrors.None ? null : StatusOf(sent);
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.ImportFromPemFile(options.Ca);
        own.ChainPolicy.RevocationMode = options.CheckRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck;
        own.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        return own.Build(certificate) ? null : StatusOf(own);
    }

    private static string StatusOf(X509Chain chain)
    {
        var all = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (found, one) => found | one.Status);
        return all switch
        {
            _ when all.HasFlag(X509ChainStatusFlags.Revoked) => "the certificate is revoked",
            _ when all.HasFlag(X509ChainStatusFlags.NotTimeValid) => "the certificate is not valid at this time",
            _ when (all & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0 =>
                "the certificate's authority is not known here; Mail:Smtp:Ca names a private one",
            _ when (all & (X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation)) != 0 =>
                "whether the certificate is revoked cannot be found out; Mail:Smtp:CheckRevocation can leave that out",
            _ => $"the certificate is not to be trusted: {all}",
        };
    }

    /// <summary>The server said no to one mail, and has taken back what was begun of it.</summary>
    private static bool LeavesConnection(Exception e) =>
        e is NoUnicodeAddressException
        || e
            is SmtpCommandException
            {
                ErrorCode: SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted,
                StatusCode: not SmtpStatusCode.ServiceNotAvailable
            };

    private static bool IsEnd(Exception e) =>
        e
            is SmtpCommandException { StatusCode: SmtpStatusCode.ServiceNotAvailable }
                or IOException
                or ProtocolException
                or ServiceNotConnectedException;

    private static SecureSocketOptions SecurityOf(SmtpSecurity security) =>
        security switch
        {
            SmtpSecurity.None => SecureSocketOptions.None,
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            _ => SecureSocketOptions.StartTls,
        };
}

/// <summary>The mail server does not know SMTPUTF8 (RFC 6531), without which such a name would reach somebody else or nobody.</summary>
internal sealed class NoUnicodeAddressException : Exception;

/// <param name="message">Which check failed.</param>
internal sealed class MailCertificateException(string message) : Exception(message);
