namespace PortalApp.Throttle;

/// <summary>
/// Counts against limits in memory, where a stranger's call must write no row: per portal, and forgotten with it. A leaky bucket (GCRA): the limit's
/// many at once, then one each time a share of the window has passed.
/// </summary>
internal sealed class PaceCount(TimeProvider clock)
{
    /// <summary>Buckets, some hundred bytes each. Beyond it nothing is taken that is not counted already.</summary>
    private const int MostBuckets = 100_000;
    private readonly Dictionary<(string Limit, string Whom), long> fullAgainAt = [];
    private readonly Lock turn = new();

    /// <summary>Null and counted, or how long to wait and nothing changed.</summary>
    public TimeSpan? Take(Limit limit, string whom) => Take([(limit, whom)]);

    /// <summary>For a network and those around it: counted for all of them, or for none.</summary>
    public TimeSpan? Take(Limit limit, NetworkPrefix network) =>
        Take([.. limit.Of(network).Select(part => (part.Limit, part.Network.Value))]);

    private TimeSpan? Take((Limit Limit, string Whom)[] buckets)
    {
        lock (turn)
        {
            var now = clock.GetUtcNow().UtcTicks;
            MakeRoom(now);
            var wait = buckets.Max(bucket =>
                FullAgainAt(bucket, now) + bucket.Limit.Window.Ticks / bucket.Limit.Most - now - bucket.Limit.Window.Ticks
            );
            if (wait > 0)
            {
                return TimeSpan.FromTicks(wait);
            }

            if (fullAgainAt.Count >= MostBuckets)
            {
                return buckets.Max(bucket => bucket.Limit.Window);
            }

            foreach (var bucket in buckets)
            {
                fullAgainAt[(bucket.Limit.Name, bucket.Whom)] = FullAgainAt(bucket, now) + bucket.Limit.Window.Ticks / bucket.Limit.Most;
            }

            return null;
        }
    }

    private long FullAgainAt((Limit Limit, string Whom) bucket, long now) =>
        Math.Max(now, fullAgainAt.GetValueOrDefault((bucket.Limit.Name, bucket.Whom)));

    /// <summary>A bucket that is full again is as good as none.</summary>
    private void MakeRoom(long now)
    {
        if (fullAgainAt.Count < MostBuckets)
        {
            return;
        }

        foreach (var (bucket, _) in fullAgainAt.Where(bucket => bucket.Value <= now).ToList())
        {
            fullAgainAt.Remove(bucket);
        }
    }
}
