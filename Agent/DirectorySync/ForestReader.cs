using System.DirectoryServices.Protocols;
using System.Runtime.CompilerServices;
using Agent.Directory;
using Agent.DirectorySync.Groups;

namespace Agent.DirectorySync;

/// <summary>Reads every person within the agent's scopes from the directory, page by page, no computers; then the groups of its list.</summary>
internal sealed class ForestReader(DirectoryConnector directory, GroupReader groups, AgentOptions options)
{
    public const string People = "(&(objectCategory=person)(objectClass=user))";

    private static readonly string[] Attributes =
    [
        "objectGUID",
        "userPrincipalName",
        "displayName",
        "mobile",
        "telephoneNumber",
        "mail",
        "userAccountControl",
        "pwdLastSet",
        "accountExpires",
    ];

    /// <exception cref="IOException">The directory was lost on the way.</exception>
    public async IAsyncEnumerable<ForestReading> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var scope in options.Directory.Scopes)
        {
            await using var found = directory.SearchAsync(scope, People, Attributes, cancellation).GetAsyncEnumerator(cancellation);
            var isEmpty = true;
            while (true)
            {
                var (isThere, refused) = await NextAsync(found);
                if (refused is not null)
                {
                    yield return new ForestReading.ScopeUnread(scope, refused);
                }

                if (!isThere)
                {
                    break;
                }

                isEmpty = false;
                yield return new ForestReading.Account(Read(found.Current));
            }

            if (isEmpty)
            {
                yield return new ForestReading.ScopeEmpty(scope);
            }
        }

        await foreach (var group in groups.ReadAsync(cancellation))
        {
            yield return group;
        }
    }

    private static async Task<(bool IsThere, string? Refused)> NextAsync(IAsyncEnumerator<SearchResultEntry> found)
    {
        try
        {
            return (await found.MoveNextAsync(), null);
        }
        catch (SearchRefusedException e)
        {
            return (false, e.Message);
        }
    }

    /// <exception cref="IOException">Without its identity an object would count as gone.</exception>
    private ForestObject Read(SearchResultEntry found)
    {
        var entry = new DirectoryEntry(found);
        return entry.One<byte[]>("objectGUID") is { Length: 16 } guid
            ? new(
                options.Directory.Connector,
                new Guid(guid),
                entry.Dn,
                entry.Text("userPrincipalName"),
                entry.Text("displayName"),
                entry.Text("mobile"),
                entry.Text("telephoneNumber"),
                entry.Text("mail"),
                entry.Number("userAccountControl"),
                entry.Large("pwdLastSet"),
                entry.Large("accountExpires")
            )
            : throw new IOException($"{entry.Dn} came without its objectGUID.");
    }
}
