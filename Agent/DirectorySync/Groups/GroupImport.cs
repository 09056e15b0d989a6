using Microsoft.Data.Sqlite;

namespace Agent.DirectorySync.Groups;

/// <summary>
/// Brings the groups of an import into the store, as a part of its transaction. A group that loses many, or is not found with many in it, stays
/// as it was until the administrator's word; one that could not be read stays as well.
/// </summary>
internal static class GroupImport
{
    private const int FewAtOnce = 10;
    private const int MostAtOnce = 500;
    private const int MostPercent = 20;

    /// <returns>What an administrator must hear of, a sentence each.</returns>
    public static IReadOnlyList<string> Take(SqliteConnection connection, string connector, IReadOnlyList<ForestReading> readings)
    {
        var told = readings.Select(reading => Take(connection, connector, reading)).OfType<string>().ToList();
        var listed = readings.Select(Listed).ToHashSet(StringComparer.Ordinal);
        var known = connection
            .Read($"SELECT source_anchor, listed FROM forest_group WHERE connector = {connector}")
            .Select(row => (Anchor: row.GetString(0), Listed: row.GetString(1)))
            .ToList();
        foreach (var (anchor, _) in known.Where(group => !listed.Contains(group.Listed)))
        {
            Remove(connection, connector, anchor);
        }

        return told;
    }

    /// <summary>The administrator's word for every group that waits for one.</summary>
    public static void LetGo(SqliteConnection connection, string connector) =>
        connection.Run($"UPDATE group_held SET allowed = missing WHERE connector = {connector}");

    /// <returns>Groups that wait, by name, each with how many of how many are missing.</returns>
    public static IReadOnlyList<(string Name, int Missing, int Before)> Held(SqliteConnection connection, string connector) =>
        [
            .. connection
                .Read(
                    $"""
                    SELECT g.name, h.missing, h.before FROM group_held h
                    JOIN forest_group g ON g.connector = h.connector AND g.source_anchor = h.source_anchor
                    WHERE h.connector = {connector} ORDER BY g.name
                    """
                )
                .Select(row => (row.GetString(0), row.GetInt32(1), row.GetInt32(2))),
        ];

    private static string Listed(ForestReading reading) =>
        reading switch
        {
            ForestReading.Group(var found) => found.Listed,
            ForestReading.GroupNotFound(var listed) => listed,
            ForestReading.GroupUnread(var listed, _) => listed,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static string? Take(SqliteConnection connection, string connector, ForestReading reading) =>
        reading switch
        {
            ForestReading.Group(var found) => Keep(connection, connector, found),
            ForestReading.GroupNotFound(var listed) => Miss(connection, connector, listed),
            ForestReading.GroupUnread(var listed, var why) => $"directory.groups: \"{listed}\" was not read and stays as it was: {why}",
            _ => null,
        };

    private static string? Keep(SqliteConnection connection, string connector, ForestGroup group)
    {
        foreach (var other in OthersUnder(connection, connector, group))
        {
            Remove(connection, connector, other);
        }

        connection.Run(
            $"""
            INSERT OR REPLACE INTO forest_group VALUES
                ({connector}, {group.SourceAnchor}, {group.Listed}, {group.DistinguishedName}, {group.Name})
            """
        );
        var held = MembersOf(connection, connector, group.SourceAnchor);
        var missing = held.Except(group.Members).ToList();
        if (WhyHeld(connection, connector, group.SourceAnchor, missing.Count, held.Count) is { } why)
        {
            return $"{group.Name}: {why}";
        }

        foreach (var gone in missing)
        {
            connection.Run(
                $"""
                DELETE FROM group_member
                WHERE connector = {connector} AND group_anchor = {group.SourceAnchor} AND source_anchor = {gone}
                """
            );
        }

        foreach (var member in group.Members.Except(held))
        {
            connection.Run($"INSERT INTO group_member VALUES ({connector}, {group.SourceAnchor}, {member})");
        }

        return Names(group.DistinguishedName, group.Listed)
            ? null
            : $"directory.groups: \"{group.Listed}\" is now {group.DistinguishedName}; write it so";
    }

    private static string Miss(SqliteConnection connection, string connector, string listed)
    {
        var known = connection
            .Read($"SELECT source_anchor, name FROM forest_group WHERE connector = {connector} AND listed = {listed}")
            .Select(row => (Anchor: row.GetString(0), Name: row.GetString(1)))
            .ToList();
        if (known is [var (anchor, name)])
        {
            var members = MembersOf(connection, connector, anchor).Count;
            if (WhyHeld(connection, connector, anchor, members, members) is { } why)
            {
                return $"{name} is not found: {why}";
            }

            Remove(connection, connector, anchor);
        }

        return $"directory.groups: \"{listed}\" is not found in the directory";
    }

    /// <summary>Null where they may go.</summary>
    private static string? WhyHeld(SqliteConnection connection, string connector, string group, int missing, int before)
    {
        var isLarge = missing > MostAtOnce || (missing > FewAtOnce && missing * 100 > before * MostPercent);
        if (isLarge && !HasWord(connection, connector, group, missing))
        {
            connection.Run($"INSERT OR REPLACE INTO group_held VALUES ({connector}, {group}, {missing}, {before}, 0)");
            return $"{missing} of {before} are in it no more, and stay; if that is so indeed: {Leavers.Command}";
        }

        connection.Run($"DELETE FROM group_held WHERE connector = {connector} AND source_anchor = {group}");
        return null;
    }

    private static bool HasWord(SqliteConnection connection, string connector, string group, int missing) =>
        connection
            .Read($"SELECT 1 FROM group_held WHERE connector = {connector} AND source_anchor = {group} AND allowed >= {missing}")
            .Any();

    /// <summary>Deleted and made again under the same name, it is another group.</summary>
    private static List<string> OthersUnder(SqliteConnection connection, string connector, ForestGroup group) =>
        [
            .. connection
                .Read(
                    $"""
                    SELECT source_anchor FROM forest_group
                    WHERE connector = {connector} AND listed = {group.Listed} AND source_anchor <> {group.SourceAnchor}
                    """
                )
                .Select(row => row.GetString(0)),
        ];

    private static HashSet<string> MembersOf(SqliteConnection connection, string connector, string group) =>
        [
            .. connection
                .Read($"SELECT source_anchor FROM group_member WHERE connector = {connector} AND group_anchor = {group}")
                .Select(row => row.GetString(0)),
        ];

    private static void Remove(SqliteConnection connection, string connector, string group)
    {
        connection.Run($"DELETE FROM group_member WHERE connector = {connector} AND group_anchor = {group}");
        connection.Run($"DELETE FROM group_held WHERE connector = {connector} AND source_anchor = {group}");
        connection.Run($"DELETE FROM forest_group WHERE connector = {connector} AND source_anchor = {group}");
    }

    private static bool Names(string dn, string listed) =>
        Directory.DistinguishedName.TryParse(dn) is { } now && Directory.DistinguishedName.TryParse(listed) is { } asked
            ? now.IsOrLiesBelow(asked) && asked.IsOrLiesBelow(now)
            : dn == listed;
}
