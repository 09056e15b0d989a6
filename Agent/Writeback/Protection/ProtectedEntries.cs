using System.DirectoryServices.Protocols;
using Agent.Directory;
using Agent.Directory.Channels;

namespace Agent.Writeback.Protection;

/// <summary>
/// Looks up the entries of the agent file's list (SID, distinguished name or user principal name) and keeps them for some minutes. One that is
/// not found refuses every account: nobody can tell whom it was meant to protect.
/// </summary>
internal sealed class ProtectedEntries(AgentOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private Known? known;

    /// <returns>The list, or the entry that could not be looked up.</returns>
    public async Task<(ProtectedList? List, string? Problem)> ReadAsync(DirectoryChannel channel)
    {
        if (known is { } held && clock.GetElapsedTime(held.At) < Kept)
        {
            return (held.List, null);
        }

        var sids = new HashSet<Sid>();
        var names = new List<DistinguishedName>();
        foreach (var entry in options.Protected)
        {
            if (Sid.TryParse(entry) is { } given)
            {
                sids.Add(given);
                continue;
            }

            if (await FindAsync(channel, entry) is not { } found || DistinguishedName.TryParse(found.Dn) is not { } name)
            {
                return (null, $"The entry \"{entry}\" of the protected list was not found.");
            }

            names.Add(name);
            if (found.Sid("objectSid") is { } sid)
            {
                sids.Add(sid);
            }
        }

        var list = new ProtectedList(sids, names);
        known = new(list, clock.GetTimestamp());
        return (list, null);
    }

    private async Task<DirectoryEntry?> FindAsync(DirectoryChannel channel, string entry) =>
        DirectoryEntry.Only(
            DistinguishedName.TryParse(entry) is not null
                ? await channel.ReadAsync(entry, "objectSid")
                : await channel.SendAsync(
                    new SearchRequest(
                        options.Directory.BaseDn,
                        $"(userPrincipalName={LdapFilter.Escape(entry)})",
                        SearchScope.Subtree,
                        "objectSid"
                    ),
                    DirectoryLimits.Read
                )
        );

    private sealed record Known(ProtectedList List, long At);
}
