namespace PortalApp.Relay.Queues;

/// <summary>A sealed request in memory. Its mutable part belongs to its queue's lock.</summary>
internal sealed class RelayItem(string id, byte[] body, DateTimeOffset expires)
{
    private readonly HashSet<RelayLink> declined = [];

    public string Id => id;

    public byte[] Body => body;

    public DateTimeOffset Expires => expires;

    /// <summary>Who has it, unsettled; null while it waits.</summary>
    public RelayLink? Holder { get; set; }

    public bool WasHandedOut { get; set; }

    /// <summary>A receiver that gave it back does not get it again; the next one of the same agent does.</summary>
    public void DeclinedBy(RelayLink link) => declined.Add(link);

    public bool MayGoTo(RelayLink link) => !declined.Contains(link);
}
