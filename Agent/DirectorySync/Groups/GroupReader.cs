using System.Diagnostics;
using System.DirectoryServices.Protocols;
using System.Globalization;
using System.Runtime.CompilerServices;
using Agent.Directory;
using Agent.Directory.Accounts;
using Agent.Directory.Channels;

namespace Agent.DirectorySync.Groups;

/// <summary>Reads the groups of the agent's list, and who of the scopes is in each.</summary>
internal sealed class GroupReader(DirectoryConnector directory, AgentOptions options, GroupStore known)
{
    /// <summary>LDAP_MATCHING_RULE_IN_CHAIN (MS-ADTS 3.1.1.3.4.4.3): whoever is in it through whatever groups, page by page.</summary>
    private const string MemberOf = "memberOf:1.2.840.113556.1.4.1941:";

    /// <exception cref="IOException">The directory was lost on the way.</exception>
    public async IAsyncEnumerable<ForestReading> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var listed in options.Directory.Groups)
        {
            yield return await ReadAsync(listed, cancellation);
        }
    }

    private async Task<ForestReading> ReadAsync(string listed, CancellationToken cancellation)
    {
        try
        {
            return await FindAsync(listed, cancellation) is not { } group
                ? new ForestReading.GroupNotFound(listed)
                : new ForestReading.Group(group with { Members = await MembersAsync(group.DistinguishedName, cancellation) });
        }
        catch (SearchRefusedException e)
        {
            return new ForestReading.GroupUnread(listed, e.Message);
        }
    }

    /// <summary>By its name; where that leads nowhere, by the id that was found under it before: it was renamed or moved.</summary>
    private async Task<ForestGroup?> FindAsync(string listed, CancellationToken cancellation) =>
        await FindAsync(listed, listed, cancellation)
        ?? (known.Find(options.Directory.Connector, listed) is { } id ? await FindAsync($"<GUID={id}>", listed, cancellation) : null);

    private async Task<ForestGroup?> FindAsync(string dn, string listed, CancellationToken cancellation)
    {
        using var channel = await directory.RentAsync(null, cancellation) switch
        {
            Rent.Lent(var lent) => lent,
            Rent.None(_, var why) => throw new IOException(why),
            _ => throw new UnreachableException(),
        };
        var reply = await channel.ReadAsync(dn, "objectGUID", "objectClass", "name");
        return reply switch
        {
            DirectoryReply.Done when DirectoryEntry.Only(reply) is { } entry => Read(entry, listed),
            DirectoryReply.Done or DirectoryReply.Refused(ResultMap.NoSuchObject, _) => null,
            DirectoryReply.Refused(var code, var text) => throw new SearchRefusedException($"The directory answered {code}: {text}"),
            DirectoryReply.Lost(var why) => throw new IOException(why),
            DirectoryReply.NotSent(var why) => throw new IOException(why),
            _ => throw new UnreachableException(),
        };
    }

    private static ForestGroup Read(DirectoryEntry entry, string listed) =>
        !entry.All<string>("objectClass").Contains("group", StringComparer.OrdinalIgnoreCase)
            ? throw new SearchRefusedException("It is no group.")
        : entry.One<byte[]>("objectGUID") is { Length: 16 } id && entry.Text("name") is { Length: > 0 } name
            ? new(new Guid(id), listed, entry.Dn, name, [])
        : throw new SearchRefusedException("It came without its objectGUID or name.");

    /// <exception cref="SearchRefusedException">A scope could not be read: who is in the group is not known.</exception>
    private async Task<IReadOnlyCollection<string>> MembersAsync(string dn, CancellationToken cancellation)
    {
        var name = LdapFilter.Escape(dn);
        var inIt = new List<string> { $"({MemberOf}={name})" };
        await foreach (
            var group in SearchAsync(
                options.Directory.BaseDn,
                $"(&(objectCategory=group)(|(distinguishedName={name})({MemberOf}={name})))",
                "objectSid",
                cancellation
            )
        )
        {
            // A primary group does not list its members.
            if (group.Sid("objectSid") is { IsOfDomain: true } sid)
            {
                inIt.Add($"(primaryGroupID={sid.Rid.ToString(CultureInfo.InvariantCulture)})");
            }
        }

        var members = new HashSet<string>(StringComparer.Ordinal);
        foreach (var scope in options.Directory.Scopes)
        {
            var people = SearchAsync(scope, $"(&{ForestReader.People}(|{string.Concat(inIt)}))", "objectGUID", cancellation);
            await foreach (var person in people)
            {
                members.Add(
                    person.One<byte[]>("objectGUID") is { Length: 16 } id
                        ? new Guid(id).ToString("D")
                        : throw new IOException($"{person.Dn} came without its objectGUID.")
                );
            }
        }

        return members;
    }

    private IAsyncEnumerable<DirectoryEntry> SearchAsync(string dn, string filter, string attribute, CancellationToken cancellation) =>
        directory.SearchAsync(dn, filter, [attribute], cancellation).Select((SearchResultEntry found) => new DirectoryEntry(found));
}
