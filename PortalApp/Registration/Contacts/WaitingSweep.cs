using PortalApp.Data;

namespace PortalApp.Registration.Contacts;

/// <summary>Lets phones and addresses count whose time has come.</summary>
internal sealed class WaitingSweep(ContactChanges changes, TimeProvider clock, ILogger<WaitingSweep> logger)
    : Sweep(TimeSpan.FromMinutes(1), clock, logger.WaitingFailed)
{
    public override async Task SweepAsync(CancellationToken cancellation)
    {
        while (await changes.CountAsync(cancellation) == Retention.AtOnce)
        {
            // There are more.
        }
    }
}
