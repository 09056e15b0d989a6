using Microsoft.Extensions.Options;
using PortalApp.Data;
using PortalApp.Notifications.Phone;

namespace PortalApp.Notifications;

/// <summary>Knows what serves each channel, or in Development the outbox folder.</summary>
internal sealed class MessageCarrier(
    IOptions<MailOptions> mail,
    IOptions<PortalOptions> portal,
    PhoneProviders providers,
    TimeProvider clock
)
{
    /// <summary>In a folder one after the other, so that they lie there in their order.</summary>
    public int LanesOf(MessageChannel channel) => IsForOutbox(channel) ? 1 : 8;

    public Courier NewCourier(MessageChannel channel) =>
        IsForOutbox(channel) ? new OutboxCourier(mail.Value.Outbox!, clock)
        : channel == MessageChannel.Email ? new MailCourier(mail.Value, HeloName, clock)
        : new PhoneCourier(providers, clock);

    public Route RouteOf(MessageChannel channel, string to) =>
        channel == MessageChannel.Email
            ? new(to[(to.LastIndexOf('@') + 1)..].ToLowerInvariant())
            : new(to, IsForOutbox(channel) ? null : providers.FirstOf(channel, to));

    public bool Serves(MessageChannel channel) => channel == MessageChannel.Email || mail.Value.UsesOutbox || providers.Carry(channel);

    /// <summary>A provider that is told carries texts and calls in Development too.</summary>
    private bool IsForOutbox(MessageChannel channel) => mail.Value.UsesOutbox && !providers.Carry(channel);

    private string HeloName => mail.Value.HeloName is { Length: > 0 } told ? told : new Uri(portal.Value.Origin).IdnHost;
}
