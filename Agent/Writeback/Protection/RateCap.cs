using Agent.Store;

namespace Agent.Writeback.Protection;

/// <summary>
/// The agent's own cap on sets per minute and, for one account, per hour; the portal cannot raise it. What was intended counts, over restarts too
/// (from the journal). Entries of the future, after a clock was set back, count as well.
/// </summary>
internal sealed class RateCap(AgentOptions options, Journal journal, TimeProvider clock)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly Lock turn = new();
    private LinkedList<Taken>? taken;

    /// <returns>What to give back when nothing comes of it; null beyond the cap.</returns>
    public Taken? TryTake(Guid objectGuid)
    {
        lock (turn)
        {
            var now = clock.GetUtcNow();
            taken ??= new(journal.IntentsSince(now - Hour).Select(intent => new Taken(intent.ObjectGuid, intent.At)));
            while (taken.First is { } oldest && oldest.Value.At <= now - Hour)
            {
                taken.RemoveFirst();
            }

            if (
                taken.Count(t => t.At > now - Minute) >= options.Limits.SetsPerMinute
                || taken.Count(t => t.ObjectGuid == objectGuid) >= options.Limits.SetsPerAccountPerHour
            )
            {
                return null;
            }

            var mine = new Taken(objectGuid, now);
            taken.AddLast(mine);
            return mine;
        }
    }

    public void GiveBack(Taken mine)
    {
        lock (turn)
        {
            taken?.Remove(mine);
        }
    }

    /// <summary>Compared by reference: two of one account in one instant are two.</summary>
    internal sealed class Taken(Guid objectGuid, DateTimeOffset at)
    {
        public Guid ObjectGuid => objectGuid;

        public DateTimeOffset At => at;
    }
}
