using MimeKit;
using MimeKit.Utils;

namespace PortalApp.Notifications;

/// <summary>Over a connection to the mail server.</summary>
internal sealed class MailCourier(MailOptions options, string heloName, TimeProvider clock) : Courier
{
    private readonly SmtpConnection connection = new(options.Smtp, heloName, clock);

    public override bool IsIdle => connection.IsIdle;

    public override async Task<TimeSpan> CarryAsync(OutgoingMessage message, MessageContent content, CancellationToken cancellation)
    {
        using var mail = new MimeMessage();
        var from = MailboxAddress.Parse(options.From);
        mail.From.Add(content.From is { } name ? new MailboxAddress(name, from.Address) : from);
        mail.To.Add(new MailboxAddress(null, content.To));
        mail.Subject = content.Subject ?? "";
        mail.Date = clock.GetUtcNow();
        mail.MessageId = MimeUtils.GenerateMessageId(heloName);
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        var text = new TextPart("plain") { Text = content.Text };
        mail.Body = content.Html is { } html ? new MultipartAlternative(text, new TextPart("html") { Text = html }) : text;
        return await connection.SendAsync(mail, cancellation);
    }

    /// <summary>The connection is made and kept as for a mail.</summary>
    public override Task PretendAsync(TimeSpan asReal, CancellationToken cancellation) => connection.OccupyAsync(asReal, cancellation);

    public override async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await base.DisposeAsync();
    }
}
