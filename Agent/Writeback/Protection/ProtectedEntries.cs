using System.Diagnostics;
using System.DirectoryServices.Protocols;
using Agent.Directory;
using Agent.Directory.Accounts;
using Agent.Directory.Channels;

namespace Agent.Writeback.Protection;

/// <summary>
/// Looks up the entries of the agent file's list (SID, distinguished name or user principal name) and keeps them for some minutes. A name that is
/// not found refuses every account: nobody can tell whom it was meant to protect. A SID protects by its number, found or not.
/// </summary>
internal sealed class ProtectedEntries(AgentOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private Known? known;

    /// <summary>As it was found some minutes ago at the most.</summary>
    public async Task<ProtectedReading> ReadAsync(DirectoryChannel channel)
    {
        if (known is { } held && clock.GetElapsedTime(held.At) < Kept)
        {
            return new ProtectedReading.Read(held.List);
        }

        var sids = new HashSet<Sid>();
        var names = new List<DistinguishedName>();
        var unfound = new List<UnfoundEntry>();
        foreach (var entry in options.Protected)
        {
            if (Sid.TryParse(entry) is { } given)
            {
                sids.Add(given);
                continue;
            }

            var (found, why) = await FindAsync(channel, entry);
            if (found is null || DistinguishedName.TryParse(found.Dn) is not { } name)
            {
                unfound.Add(new(entry, why ?? "has a name that cannot be read", RefusesEverybody: true));
                continue;
            }

            names.Add(name);
            if (found.Sid("objectSid") is { } sid)
            {
                sids.Add(sid);
            }
        }

        if (unfound.Count > 0)
        {
            return new ProtectedReading.Unfound(unfound);
        }

        var list = new ProtectedList(sids, names);
        known = new(list, clock.GetTimestamp());
        return new ProtectedReading.Read(list);
    }

    /// <summary>Every entry that the directory does not have now, SIDs as well.</summary>
    public async Task<IReadOnlyList<UnfoundEntry>> LookAsync(DirectoryChannel channel)
    {
        var unfound = new List<UnfoundEntry>();
        foreach (var entry in options.Protected)
        {
            if (await FindAsync(channel, entry) is (null, var why))
            {
                unfound.Add(new(entry, why!, RefusesEverybody: Sid.TryParse(entry) is null));
            }
        }

        return unfound;
    }

    private async Task<(DirectoryEntry? Entry, string? WhyNot)> FindAsync(DirectoryChannel channel, string entry)
    {
        var reply =
            Sid.TryParse(entry) is { } sid ? await channel.ReadAsync($"<SID={sid.Value}>", "objectSid")
            : AgentOptionsNames.IsDn(entry) ? await channel.ReadAsync(entry, "objectSid")
            : await channel.SendAsync(
                new SearchRequest(
                    options.Directory.BaseDn,
                    $"(userPrincipalName={LdapFilter.Escape(entry)})",
                    SearchScope.Subtree,
                    "objectSid"
                ),
                DirectoryLimits.Read
            );
        return reply switch
        {
            DirectoryReply.Done when DirectoryEntry.Only(reply) is { } only => (only, null),
            DirectoryReply.Done { Response: SearchResponse { Entries.Count: > 1 } } => (null, "is the name of more than one object"),
            DirectoryReply.Done or DirectoryReply.Refused(ResultMap.NoSuchObject, _) => (null, "is not found in the directory"),
            DirectoryReply.Refused(var code, var text) => (null, $"cannot be looked up; the directory answered {code}: {text}"),
            DirectoryReply.Lost(var lost) => (null, $"cannot be looked up: {lost}"),
            DirectoryReply.NotSent(var lost) => (null, $"cannot be looked up: {lost}"),
            _ => throw new UnreachableException(),
        };
    }

    private sealed record Known(ProtectedList List, long At);
}

/// <param name="Entry">As it stands in the file, a distinguished name in its one form.</param>
/// <param name="Why">Half a sentence behind the entry.</param>
internal sealed record UnfoundEntry(string Entry, string Why, bool RefusesEverybody)
{
    /// <summary>With the key, for an administrator.</summary>
    public string Sentence => $"protected: \"{Entry}\" {Why}; until it is found, or taken out of {AgentOptionsFile.Name}, nobody is set";
}

internal abstract record ProtectedReading
{
    private ProtectedReading() { }

    public sealed record Read(ProtectedList List) : ProtectedReading;

    public sealed record Unfound(IReadOnlyList<UnfoundEntry> Entries) : ProtectedReading;
}
