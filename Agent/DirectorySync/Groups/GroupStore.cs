using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Portal.DirectorySync;

namespace Agent.DirectorySync.Groups;

/// <summary>A group that the portal has to hear of.</summary>
/// <param name="Members">Those whom the portal knows, in order.</param>
internal sealed record GroupChange(string SourceAnchor, string Name, IReadOnlyList<string> Members)
{
    private const int PartSize = 2000;

    /// <summary>Of name and members; says whether the portal answered for these very ones.</summary>
    public string Fingerprint =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Members.Prepend(Name)))));

    /// <summary>Each of what one call carries; together they leave no gap.</summary>
    public IEnumerable<SyncGroup> Parts()
    {
        string[][] parts =
            Members.Count == 0
                ?
                [
                    [],
                ]
                : [.. Members.Chunk(PartSize)];
        for (var i = 0; i < parts.Length; i++)
        {
            yield return new(SourceAnchor, Name, parts[i], i == 0 ? null : parts[i - 1][^1], i == parts.Length - 1 ? null : parts[i][^1]);
        }
    }
}

/// <summary>The groups of the agent's list as the last import saw them, and what of them the portal has answered for.</summary>
internal sealed class GroupStore(SyncDatabase database)
{
    /// <summary>The object id of the group that was found under this name of the list.</summary>
    public string? Find(string connector, string listed)
    {
        using var connection = database.Open();
        return connection
            .Read($"SELECT source_anchor FROM forest_group WHERE connector = {connector} AND listed = {listed}")
            .Select(row => row.GetString(0))
            .FirstOrDefault();
    }

    /// <param name="whole">Also those for which the portal has answered: heals a portal that was restored from a backup.</param>
    public IReadOnlyList<GroupChange> Waiting(string connector, bool whole)
    {
        using var connection = database.Open();
        var told = connection
            .Read($"SELECT source_anchor, answered FROM cloud_group WHERE connector = {connector}")
            .ToDictionary(row => row.GetString(0), row => row.GetString(1));
        var groups = connection
            .Read($"SELECT source_anchor, name FROM forest_group WHERE connector = {connector} ORDER BY source_anchor")
            .Select(row => (Anchor: row.GetString(0), Name: row.GetString(1)))
            .ToList();
        return
        [
            .. groups
                .Select(group => new GroupChange(group.Anchor, group.Name, MembersOf(connection, connector, group.Anchor)))
                .Where(change => whole || told.GetValueOrDefault(change.SourceAnchor) != change.Fingerprint),
        ];
    }

    /// <summary>Of which the portal was told, and which the directory or the list no longer has.</summary>
    public IReadOnlyList<string> Gone(string connector)
    {
        using var connection = database.Open();
        return
        [
            .. connection
                .Read(
                    $"""
                    SELECT source_anchor FROM cloud_group WHERE connector = {connector} AND source_anchor NOT IN (
                        SELECT source_anchor FROM forest_group WHERE connector = {connector}) ORDER BY source_anchor
                    """
                )
                .Select(row => row.GetString(0)),
        ];
    }

    public void Keep(string connector, GroupChange taken)
    {
        using var connection = database.Open();
        connection.Run($"INSERT OR REPLACE INTO cloud_group VALUES ({connector}, {taken.SourceAnchor}, {taken.Fingerprint})");
    }

    public void Forget(string connector, IReadOnlyList<string> gone)
    {
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction();
        foreach (var anchor in gone)
        {
            connection.Run($"DELETE FROM cloud_group WHERE connector = {connector} AND source_anchor = {anchor}");
        }

        transaction.Commit();
    }

    /// <summary>Whom the portal refused it does not know; they follow when it has taken them.</summary>
    private static List<string> MembersOf(SqliteConnection connection, string connector, string group) =>
        [
            .. connection
                .Read(
                    $"""
                    SELECT m.source_anchor FROM group_member m
                    JOIN cloud_object c ON c.connector = m.connector AND c.source_anchor = m.source_anchor
                    WHERE m.connector = {connector} AND m.group_anchor = {group} AND c.cloud_anchor IS NOT NULL
                    ORDER BY m.source_anchor
                    """
                )
                .Select(row => row.GetString(0)),
        ];
}
