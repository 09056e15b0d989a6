namespace Agent.Writeback.Protection;

/// <summary>
/// The agent's own cap on wrong passwords for one account per hour, at whichever controller, and where the directory locks nobody; the portal
/// cannot raise it. In memory: over a restart the directory's own count stands.
/// </summary>
internal sealed class WrongPasswordCap(AgentOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly LinkedList<Taken> taken = [];

    /// <summary>Before the password is tried.</summary>
    /// <returns>What to give back when it was right, or was not tried; null beyond the cap.</returns>
    public Taken? TryTake(Guid objectGuid)
    {
        lock (taken)
        {
            var now = clock.GetUtcNow();
            while (taken.First is { } oldest && oldest.Value.At <= now - Hour)
            {
                taken.RemoveFirst();
            }

            if (taken.Count(t => t.ObjectGuid == objectGuid) >= options.Limits.WrongPasswordsPerAccountPerHour)
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
        lock (taken)
        {
            taken.Remove(mine);
        }
    }

    /// <summary>Compared by reference: two of one account in one instant are two.</summary>
    internal sealed class Taken(Guid objectGuid, DateTimeOffset at)
    {
        public Guid ObjectGuid => objectGuid;

        public DateTimeOffset At => at;
    }
}
