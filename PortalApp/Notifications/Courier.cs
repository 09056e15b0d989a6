namespace PortalApp.Notifications;

/// <summary>A lane's own way to hand messages over, one at a time.</summary>
internal abstract class Courier : IAsyncDisposable
{
    /// <summary>It holds a connection by which nothing was sent for a while.</summary>
    public virtual bool IsIdle => false;

    /// <returns>How long the message itself took.</returns>
    public abstract Task<TimeSpan> CarryAsync(OutgoingMessage message, MessageContent content, CancellationToken cancellation);

    /// <summary>For a decoy's: as busy as with a message, and nothing is sent.</summary>
    /// <param name="asReal">How long a message took.</param>
    public abstract Task PretendAsync(TimeSpan asReal, CancellationToken cancellation);

    /// <summary>Ends what connection there is; the next message makes it anew.</summary>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
