namespace PortalApp.Notifications;

/// <summary>What a message occupies while it is on its way.</summary>
/// <param name="Recipient">A mail's domain, or a number.</param>
/// <param name="Server">Of several by which its kind leaves, the one that is asked first; null where there is one.</param>
internal sealed record Route(string Recipient, string? Server = null);

/// <summary>
/// How many lanes one recipient's domain may occupy: two at first, all but two once a mail to it went fast, one once a mail to it went slowly.
/// So no domain, and no server behind one, holds up the others. Of several servers one never has them all.
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
    private readonly Dictionary<string, int> servers = [];

    /// <summary>True and counted, or false.</summary>
    public bool TryBegin(Route route)
    {
        lock (guard)
        {
            var held = domains.GetValueOrDefault(route.Recipient) ?? new(0, Math.Min(Unknown, lanes));
            var ofServer = route.Server is { } server ? servers.GetValueOrDefault(server) : 0;
            if (held.Busy >= held.Most || ofServer >= Math.Max(1, lanes - KeptFree))
            {
                return false;
            }

            domains[route.Recipient] = held with { Busy = held.Busy + 1 };
            Count(route, +1);
            return true;
        }
    }

    /// <param name="took">Of the mail itself, without the greeting; null where it was not carried.</param>
    /// <param name="isReal">Not a decoy's.</param>
    public void End(Route route, TimeSpan? took, bool isReal)
    {
        lock (guard)
        {
            AsReal = isReal && took is { } real ? real : AsReal;
            Count(route, -1);
            var held = domains[route.Recipient];
            var most =
                took is not { } time ? held.Most
                : time >= Slow ? 1
                : Math.Max(1, lanes - KeptFree);
            domains[route.Recipient] = new(held.Busy - 1, most);
            if (domains.Count > Remembered)
            {
                foreach (var idle in domains.Where(d => d.Value.Busy == 0).Select(d => d.Key).ToList())
                {
                    domains.Remove(idle);
                }
            }
        }
    }

    private void Count(Route route, int one)
    {
        if (route.Server is { } server)
        {
            servers[server] = servers.GetValueOrDefault(server) + one;
        }
    }

    private sealed record Domain(int Busy, int Most);
}
