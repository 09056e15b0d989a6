using System.Text.Json;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace PortalApp.Notifications;

/// <summary>Hands one mail to the mail server, or in Development to the outbox folder.</summary>
internal sealed class MailCarrier(IOptions<MailOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public Task CarryAsync(MailContent content, CancellationToken cancellation) =>
        options.Value.UsesOutbox ? KeepAsync(content, cancellation) : SendAsync(content, cancellation);

    private async Task SendAsync(MailContent content, CancellationToken cancellation)
    {
        var smtp = options.Value.Smtp;
        using var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(options.Value.From));
        message.To.Add(new MailboxAddress(null, content.To));
        message.Subject = content.Subject;
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

    private async Task KeepAsync(MailContent content, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(options.Value.Outbox!).FullName;
        var now = clock.GetUtcNow();
        var kept = new KeptMail("email", content.To, content.Subject, content.Text, now);
        var name = $"{now.UtcTicks:D19}-{Guid.CreateVersion7(now):N}";
        var unfinished = Path.Combine(folder, name + ".part");
        await File.WriteAllBytesAsync(unfinished, JsonSerializer.SerializeToUtf8Bytes(kept, JsonSerializerOptions.Web), cancellation);
        File.Move(unfinished, Path.Combine(folder, name + ".json"));
    }

    private static SecureSocketOptions SecurityOf(SmtpSecurity security) =>
        security switch
        {
            SmtpSecurity.None => SecureSocketOptions.None,
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            _ => SecureSocketOptions.StartTls,
        };
}
