using System.DirectoryServices.Protocols;
using System.Runtime.CompilerServices;
using Agent.Directory;

namespace Agent.DirectorySync;

/// <summary>Reads every person within the agent's scopes from the directory, page by page; no computers.</summary>
internal sealed class ForestReader(DirectoryConnector directory, AgentOptions options)
{
    private const string People = "(&(objectCategory=person)(objectClass=user))";

    private static readonly string[] Attributes =
    [
        "objectGUID",
        "userPrincipalName",
        "displayName",
        "mobile",
        "telephoneNumber",
        "userAccountControl",
    ];

    public async IAsyncEnumerable<ForestObject> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var scope in options.Directory.Scopes)
        {
            await foreach (var found in directory.SearchAsync(scope, People, Attributes, cancellation))
            {
                yield return Read(found);
            }
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
                entry.Number("userAccountControl")
            )
            : throw new IOException($"{entry.Dn} came without its objectGUID.");
    }
}
