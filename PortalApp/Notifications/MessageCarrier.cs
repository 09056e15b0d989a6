using Microsoft.Extensions.Options;
using MimeKit;
using MimeKit.Utils;
using PortalApp.Data;

namespace PortalApp.Notifications;

/// <summary>Hands one message to what serves its channel, or in Development to the outbox folder.</summary>
internal sealed class MessageCarrier(IOptions<MailOptions> options, IOptions<PortalOptions> portal, TimeProvider clock)
{
    /// <summary>In a folder one after the other, so that they lie there in their order.</summary>
    public int Lanes => options.Value.UsesOutbox ? 1 : 8;

    public SmtpConnection NewConnection() => new(options.Value.Smtp, HeloName, clock);

    /// <returns>How long the message itself took.</returns>
    /// <exception cref="NotSupportedException">Nothing serves this channel.</exception>
    public async Task<TimeSpan> CarryAsync(
        SmtpConnection connection,
        MessageChannel channel,
        MessageContent content,
        CancellationToken cancellation
    )
    {
        if (options.Value.UsesOutbox)
        {
            await Outbox.KeepAsync(options.Value.Outbox!, channel, content, clock.GetUtcNow(), cancellation);
            return TimeSpan.Zero;
        }

        if (channel != MessageChannel.Email)
        {
            throw new NotSupportedException($"Nothing carries a message by {channel}.");
        }

        using var message = new MimeMessage();
        var from = MailboxAddress.Parse(options.Value.From);
        message.From.Add(content.From is { } name ? new MailboxAddress(name, from.Address) : from);
        message.To.Add(new MailboxAddress(null, content.To));
        message.Subject = content.Subject ?? "";
        message.Date = clock.GetUtcNow();
        message.MessageId = MimeUtils.GenerateMessageId(HeloName);
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = new TextPart("plain") { Text = content.Text };
        return await connection.SendAsync(message, cancellation);
    }

    /// <summary>For a decoy's: the connection is made and kept as for a mail, and nothing is sent.</summary>
    /// <param name="asReal">How long a mail took.</param>
    /// <returns>The same.</returns>
    public async Task<TimeSpan> PretendAsync(SmtpConnection connection, TimeSpan asReal, CancellationToken cancellation)
    {
        if (!options.Value.UsesOutbox)
        {
            await connection.OccupyAsync(asReal, cancellation);
        }

        return asReal;
    }

    private string HeloName => options.Value.HeloName is { Length: > 0 } told ? told : new Uri(portal.Value.Origin).IdnHost;
}
