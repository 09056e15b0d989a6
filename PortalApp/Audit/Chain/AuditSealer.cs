using PortalApp.Data;

namespace PortalApp.Audit.Chain;

/// <summary>Every ten seconds: what was committed is sealed, and a day that ended is signed.</summary>
internal sealed class AuditSealer(AuditSealing sealing, AuditDays days, TimeProvider clock, LogPerMinute lines, ILogger<AuditSealer> logger)
    : Sweep(Every, clock, failure => lines.Say("audit sealing", more => logger.AuditNotSealed(more, failure)))
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    public override async Task SweepAsync(CancellationToken cancellation)
    {
        while (await sealing.SealAsync(cancellation) == AuditSealing.AtOnce) { }

        await days.CloseAsync(cancellation);
    }
}
