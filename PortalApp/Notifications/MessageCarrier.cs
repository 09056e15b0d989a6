using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using MimeKit.Utils;
using PortalApp.Data;

namespace PortalApp.Notifications;

/// <summary>Hands one message to what serves its channel, or in Development to the outbox folder.</summary>
internal sealed class MessageCarrier(IOptions<MailOptions> options, IOptions<PortalOptions> portal, TimeProvider clock)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <exception cref="NotSupportedException">Nothing serves this channel.</exception>
    /// <exception cref="NoUnicodeAddressException">The server takes no name before the @ in another script.</exception>
    public Task CarryAsync(MessageChannel channel, MessageContent content, CancellationToken cancellation) =>
        channel switch
        {
            _ when options.Value.UsesOutbox => Outbox.KeepAsync(options.Value.Outbox!, channel, content, clock.GetUtcNow(), cancellation),
            MessageChannel.Email => SendMailAsync(content, cancellation),
            _ => throw new NotSupportedException($"Nothing carries a message by {channel}."),
        };

    private string HeloName => options.Value.HeloName is { Length: > 0 } told ? told : new Uri(portal.Value.Origin).IdnHost;

    private async Task SendMailAsync(MessageContent content, CancellationToken cancellation)
    {
        var smtp = options.Value.Smtp;
        using var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(options.Value.From));
        message.To.Add(new MailboxAddress(null, content.To));
        message.Subject = content.Subject ?? "";
        message.Date = clock.GetUtcNow();
        message.MessageId = MimeUtils.GenerateMessageId(HeloName);
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = new TextPart("plain") { Text = content.Text };

        using var client = new SmtpClient { Timeout = (int)Timeout.TotalMilliseconds, LocalDomain = HeloName };
        await client.ConnectAsync(smtp.Host, smtp.Port, SecurityOf(smtp.Security), cancellation);
        if (!string.IsNullOrEmpty(smtp.UserName))
        {
            var password = (await File.ReadAllTextAsync(smtp.ResolvedPasswordFile!, cancellation)).TrimEnd('\r', '\n');
            await client.AuthenticateAsync(smtp.UserName, password, cancellation);
        }

        var format = FormatOptions.Default.Clone();
        format.International = client.Capabilities.HasFlag(SmtpCapabilities.UTF8);
        if (!format.International && !Ascii.IsValid(content.To.AsSpan(0, content.To.LastIndexOf('@'))))
        {
            throw new NoUnicodeAddressException();
        }

        await client.SendAsync(format, message, cancellation);
        await client.DisconnectAsync(quit: true, cancellation);
    }

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
