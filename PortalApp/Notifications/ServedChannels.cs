namespace PortalApp.Notifications;

/// <summary>The ways by which this portal's messages can leave: a method that needs another one is nobody's.</summary>
internal sealed record ServedChannels(params IReadOnlyCollection<MessageChannel> All)
{
    public bool Contains(MessageChannel channel) => All.Contains(channel);
}
