namespace PortalApp.Notifications;

/// <summary>Development only: into a folder.</summary>
internal sealed class OutboxCourier(string folder, TimeProvider clock) : Courier
{
    public override async Task<TimeSpan> CarryAsync(OutgoingMessage message, MessageContent content, CancellationToken cancellation)
    {
        await Outbox.KeepAsync(folder, message.Channel, content, clock.GetUtcNow(), cancellation);
        return TimeSpan.Zero;
    }

    public override Task PretendAsync(TimeSpan asReal, CancellationToken cancellation) => Task.CompletedTask;
}
