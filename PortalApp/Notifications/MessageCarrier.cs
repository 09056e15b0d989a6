using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace PortalApp.Notifications;

/// <summary>Hands one message to what serves its channel, or in Development to the outbox folder.</summary>
internal sealed class MessageCarrier(IOptions<MailOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <exception cref="NotSupportedException">Nothing serves this channel.</exception>
    public Task CarryAsync(MessageChannel channel, MessageContent content, CancellationToken cancellation) =>
        channel switch
        {
            _ when options.Value.UsesOutbox => Outbox.KeepAsync(options.Value.Outbox!, channel, content, clock.GetUtcNow(), cancellation),
            MessageChannel.Email => SendMailAsync(content, cancellation),
            _ => throw new NotSupportedException($"Nothing carries a message by {channel}."),
        };

    private async Task SendMailAsync(MessageContent content, CancellationToken cancellation)
    {
        var smtp = options.Value.Smtp;
        using var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(options.Value.From));
        message.To.Add(new MailboxAddress(null, content.To));
        message.Subject = content.Subject ?? "";
        message.Date = clock.GetUtcNow();
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = new TextPart("plain") { Text = content.Text };

        using var client = new SmtpClient { Timeout = (int)Timeout.TotalMilliseconds };
        await client.ConnectAsync(smtp.Host, smtp.Port, SecurityOf(smtp.Security), cancellation);
        if (!string.IsNullOrEmpty(smtp.UserName))
        {
            var password = (await File.ReadAllTextAsync(smtp.ResolvedPasswordFile!, cancellation)).TrimEnd('\r', '\n');
            await client.AuthenticateAsync(smtp.UserName, password, cancellation);
        }

        var format = FormatOptions.Default.Clone();
        format.International = client.Capabilities.HasFlag(SmtpCapabilities.UTF8);
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
