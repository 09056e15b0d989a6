namespace Agent.Relay;

/// <summary>What becomes of a delivery.</summary>
internal enum Settlement
{
    /// <summary>Done with: the relay forgets it.</summary>
    Accepted,

    /// <summary>Not for this agent: the relay keeps it for another until its time to live is over.</summary>
    LeftForAnother,

    /// <summary>Nothing that could be opened, or too late: the relay forgets it.</summary>
    Dropped,
}

/// <summary>One message from a relay; settled once.</summary>
/// <param name="id">The relay's own, in the open: the request's id, once the sealed one was compared with it.</param>
/// <param name="body">Empty where the message is not of the form that a portal sends.</param>
/// <param name="settle">Never throws: on a lost connection, or after a lost lock, there is nobody to tell. The relay then delivers again, and the grant keeps that harmless.</param>
internal sealed class RelayDelivery(string id, ReadOnlyMemory<byte> body, Func<Settlement, Task> settle)
{
    public string Id => id;

    public ReadOnlyMemory<byte> Body => body;

    public Task SettleAsync(Settlement how) => settle(how);
}
