using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PortalApp.Audit.Chain;
using PortalApp.Data;

namespace PortalApp.Audit.Syslog;

/// <summary>
/// Hands what was sealed to a syslog receiver, in the order of the sealing and at least once: what the receiver may not have is sent again, and its
/// number tells that it is the same.
/// </summary>
internal sealed class AuditShipping(
    IDbContextFactory<PortalDb> databases,
    AuditLease lease,
    IOptions<AuditOptions> options,
    IOptions<PortalOptions> portal,
    TimeProvider clock,
    LogPerMinute lines,
    ILogger<AuditShipping> logger
) : Sweep(Every, clock, failure => lines.Say("audit shipping", more => logger.AuditNotShipped(more, failure)))
{
    /// <summary>Of one connection.</summary>
    public const int AtOnce = 500;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private readonly SyslogConnection receiver = new(options.Value.Syslog);
    private string? complaint;

    public override async Task SweepAsync(CancellationToken cancellation)
    {
        try
        {
            while (await ShipAsync(cancellation) == AtOnce) { }

            if (complaint is not null)
            {
                logger.ReceiverBack(options.Value.Syslog.Host);
                complaint = null;
            }
        }
        catch (SyslogException e)
        {
            if (complaint != e.Message)
            {
                logger.ReceiverGone(options.Value.Syslog.Host, complaint = e.Message);
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        options.Value.Syslog.IsOn ? base.ExecuteAsync(stoppingToken) : Task.CompletedTask;

    /// <returns>How many the receiver has now that it had not before.</returns>
    private async Task<int> ShipAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var through = await db.Set<AuditProgress>().Select(p => p.ShippedThrough).SingleAsync(cancellation);
        if (!await db.Set<AuditSeal>().AnyAsync(s => s.Position > through, cancellation) || !await lease.TakeAsync(db, cancellation))
        {
            return 0;
        }

        through = await db.Set<AuditProgress>().Select(p => p.ShippedThrough).SingleAsync(cancellation);
        var batch = await (
            from s in db.Set<AuditSeal>().AsNoTracking()
            where s.Position > through
            join e in db.Set<AuditEntry>() on s.Entry equals e.Id
            orderby s.Position
            select new { Seal = s, Entry = e }
        )
            .Take(AtOnce)
            .ToListAsync(cancellation);
        if (batch.Count == 0)
        {
            return 0;
        }

        var host = new Uri(portal.Value.Origin).IdnHost;
        await receiver.SendAsync([.. batch.Select(sealedOne => SyslogMessage.Frame(sealedOne.Entry, sealedOne.Seal, host))], cancellation);
        var to = batch[^1].Seal.Position;
        await db.Set<AuditProgress>()
            .Where(p => p.Id == AuditProgress.TheOne && p.ShippedThrough < to)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.ShippedThrough, to), cancellation);
        return batch.Count;
    }
}
