namespace PortalApp.Notifications.Phone;

/// <summary>By text or call, at a provider.</summary>
internal sealed class PhoneCourier(PhoneProviders providers, TimeProvider clock) : Courier
{
    public override async Task<TimeSpan> CarryAsync(OutgoingMessage message, MessageContent content, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        await providers.CarryAsync(message, content, cancellation);
        return clock.GetElapsedTime(begun);
    }

    public override Task PretendAsync(TimeSpan asReal, CancellationToken cancellation) => Task.Delay(asReal, clock, cancellation);
}
