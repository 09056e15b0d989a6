namespace PortalApp.Notifications;

/// <summary>
/// How many lanes one recipient's domain may occupy: two at first, all but two once a mail to it went fast, one once a mail to it went slowly.
/// So no domain, and no server behind one, holds up the others.
/// </summary>
internal sealed class RecipientPace(int lanes)
{
    private const int Unknown = 2;
    private const int KeptFree = 2;

    /// <summary>Domains remembered while nothing is on its way to them.</summary>
    private const int Remembered = 1_000;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    /// <summary>How long the last mail that was carried took on its connection: so long a decoy's does.</summary>
    public TimeSpan AsReal { get; private set; }

    private readonly Lock guard = new();
    private readonly Dictionary<string, Domain> domains = [];

    /// <summary>True and counted, or false.</summary>
    public bool TryBegin(string domain)
    {
        lock (guard)
        {
            var held = domains.GetValueOrDefault(domain) ?? new(0, Math.Min(Unknown, lanes));
            if (held.Busy >= held.Most)
            {
                return false;
            }

            domains[domain] = held with { Busy = held.Busy + 1 };
            return true;
        }
    }

    /// <param name="took">Of the mail itself, without the greeting; null where it was not carried.</param>
    /// <param name="isReal">Not a decoy's.</param>
    public void End(string domain, TimeSpan? took, bool isReal)
    {
        lock (guard)
        {
            AsReal = isReal && took is { } real ? real : AsReal;
            var held = domains[domain];
            var most =
                took is not { } time ? held.Most
                : time >= Slow ? 1
                : Math.Max(1, lanes - KeptFree);
            domains[domain] = new(held.Busy - 1, most);
            if (domains.Count > Remembered)
            {
                foreach (var idle in domains.Where(d => d.Value.Busy == 0).Select(d => d.Key).ToList())
                {
                    domains.Remove(idle);
                }
            }
        }
    }

    private sealed record Domain(int Busy, int Most);
}
