using Portal.Tenants;
using PortalApp.Data;

namespace PortalApp.Audit;

/// <summary>
/// For audit events that strangers can cause without limit: the first ones of an hour are written one by one, the others counted, and their number
/// written in one line at the end of the hour, or of the portal. Counted per portal, in memory.
/// </summary>
internal sealed class BoundedAudit(AuditLog audit, TimeProvider clock, ILogger<BoundedAudit> logger)
    : Sweep(TimeSpan.FromMinutes(1), clock, logger.CountNotWritten)
{
    /// <summary>Of one kind in an hour: for a network, and for a tenant from all networks.</summary>
    public const int MostOfNetwork = 20;
    public const int MostOfTenant = 500;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly Dictionary<(AuditEventId Event, TenantId? Tenant, string? Network), Bucket> buckets = [];
    private readonly Lock turn = new();

    public Task WriteAsync(AuditEvent happened, CancellationToken cancellation) =>
        TryTake(happened) ? audit.WriteAsync(happened, cancellation) : Task.CompletedTask;

    /// <summary>Whether it is to be written, by whoever asks; else it is counted here.</summary>
    public bool TryTake(AuditEvent happened)
    {
        lock (turn)
        {
            var ofTenant = BucketOf(happened with { Network = null });
            if (ofTenant.Written >= MostOfTenant)
            {
                ofTenant.LeftOut++;
                return false;
            }

            var ofNetwork = happened.Network is null ? ofTenant : BucketOf(happened);
            if (happened.Network is not null && ofNetwork.Written >= MostOfNetwork)
            {
                ofNetwork.LeftOut++;
                return false;
            }

            ofTenant.Written++;
            ofNetwork.Written += happened.Network is null ? 0 : 1;
            return true;
        }
    }

    public override async Task SweepAsync(CancellationToken cancellation) => await CountAsync(bucket => bucket.Ends <= Now, cancellation);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await CountAsync(_ => true, cancellationToken);
    }

    private Bucket BucketOf(AuditEvent happened)
    {
        var key = (happened.Id, happened.Tenant, happened.Network);
        if (!buckets.TryGetValue(key, out var bucket))
        {
            buckets[key] = bucket = new Bucket { First = happened, Ends = Now + Hour };
        }

        return bucket;
    }

    private async Task CountAsync(Func<Bucket, bool> isOver, CancellationToken cancellation)
    {
        foreach (var bucket in TakeOut(isOver))
        {
            await audit.WriteAsync(
                new(bucket.First.Id, bucket.First.Tenant, bucket.First.By)
                {
                    Network = bucket.First.Network,
                    Detail = $"and {bucket.LeftOut} more like it within an hour",
                },
                cancellation
            );
        }
    }

    private List<Bucket> TakeOut(Func<Bucket, bool> isOver)
    {
        lock (turn)
        {
            var over = buckets.Where(bucket => isOver(bucket.Value)).ToList();
            over.ForEach(bucket => buckets.Remove(bucket.Key));
            return [.. over.Select(bucket => bucket.Value).Where(bucket => bucket.LeftOut > 0)];
        }
    }

    private sealed class Bucket
    {
        public required AuditEvent First { get; init; }
        public required DateTimeOffset Ends { get; init; }
        public int Written { get; set; }
        public int LeftOut { get; set; }
    }
}
