using System.Security.Cryptography;
using System.Text;
using Agent.Directory;
using Microsoft.Data.Sqlite;
using Portal.DirectorySync;

namespace Agent.DirectorySync;

/// <summary>
/// Whom an import does not find any more, and whether they may be let go: only where every scope was read whole, and a large drop only at the
/// administrator's word, for as many as it was given for.
/// </summary>
internal static class Leavers
{
    public const string Command = "Agent sync --let-go";
    private const int MostAtOnce = 500;
    private const int MostPercent = 20;

    /// <param name="before">Accounts that were there before the import.</param>
    /// <param name="doubts">Scopes that were not read whole, each with why.</param>
    /// <param name="empty">Scopes in which nobody was found.</param>
    /// <returns>Why they stay; null where they may go.</returns>
    public static string? WhyKept(
        SqliteConnection connection,
        string connector,
        int before,
        IReadOnlyList<string> doubts,
        IReadOnlyList<string> empty
    )
    {
        var missing = connection
            .Read(
                $"""
                SELECT dn, source_anchor FROM forest_object
                WHERE connector = {connector} AND source_anchor NOT IN (SELECT source_anchor FROM seen) ORDER BY source_anchor
                """
            )
            .Select(row => (Dn: row.GetString(0), Anchor: row.GetString(1)))
            .ToList();
        if (missing.Count == 0)
        {
            Forget(connection, connector);
            return null;
        }

        if (doubts.Count > 0)
        {
            return $"{missing.Count} are not found and stay, as not every scope could be read: {string.Join("; ", doubts)}";
        }

        var lost = empty.Where(scope => missing.Exists(one => LiesBelow(one.Dn, scope))).ToList();
        var isLarge = missing.Count > MostAtOnce || (missing.Count > 1 && missing.Count * 100 > before * MostPercent);
        var mark = MarkOf(missing.Select(one => one.Anchor));
        if ((lost.Count == 0 && !isLarge) || HasWord(connection, connector, missing.Count, mark))
        {
            Forget(connection, connector);
            return null;
        }

        Hold(connection, connector, before, [.. missing.Select(one => one.Anchor)], mark);
        var where = lost.Count == 0 ? "" : $", nobody at all in {string.Join("; ", lost)}";
        return $"{missing.Count} of {before} are not found{where}, and stay; look at the agent's rights and scopes, and if they are gone indeed: {Command}, or the portal's page of agents";
    }

    /// <summary>An administrator let those very accounts go at the portal.</summary>
    /// <returns>False where others wait by now, or nobody, or the word was known.</returns>
    public static bool Release(SqliteConnection connection, string connector, string mark) =>
        connection.Run($"UPDATE drop_held SET released = {mark} WHERE connector = {connector} AND mark = {mark} AND released IS NOT {mark}")
        == 1;

    /// <summary>Who waits, as the portal is told.</summary>
    public static HeldDrop? Waiting(SqliteConnection connection, string connector) =>
        connection
            .Read($"SELECT mark, missing, before FROM drop_held WHERE connector = {connector} AND mark IS NOT NULL")
            .Select(row => new HeldDrop(row.GetString(0), row.GetInt32(1), row.GetInt32(2), NamesOf(connection, connector)))
            .FirstOrDefault();

    private static List<string> NamesOf(SqliteConnection connection, string connector) =>
        [
            .. connection
                .Read(
                    $"""
                    SELECT COALESCE(o.upn, o.dn) FROM held_account h
                    JOIN forest_object o ON o.connector = h.connector AND o.source_anchor = h.source_anchor
                    WHERE h.connector = {connector} ORDER BY 1 LIMIT {SyncStanding.MostNamed}
                    """
                )
                .Select(row => row.GetString(0)),
        ];

    private static void Hold(SqliteConnection connection, string connector, int before, IReadOnlyList<string> anchors, string mark)
    {
        Forget(connection, connector);
        connection.Run(
            $"INSERT INTO drop_held (connector, missing, before, allowed, mark) VALUES ({connector}, {anchors.Count}, {before}, 0, {mark})"
        );
        foreach (var anchor in anchors)
        {
            connection.Run($"INSERT INTO held_account VALUES ({connector}, {anchor})");
        }
    }

    private static void Forget(SqliteConnection connection, string connector)
    {
        connection.Run($"DELETE FROM drop_held WHERE connector = {connector}");
        connection.Run($"DELETE FROM held_account WHERE connector = {connector}");
    }

    private static string MarkOf(IEnumerable<string> anchors) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', anchors))));

    /// <summary>The administrator's word for the drop that waits for one.</summary>
    /// <returns>How many of how many it lets go at the next run; null where none waits.</returns>
    public static (int Missing, int Before)? LetGo(SqliteConnection connection, string connector)
    {
        connection.Run($"UPDATE drop_held SET allowed = missing WHERE connector = {connector}");
        return Held(connection, connector);
    }

    public static (int Missing, int Before)? Held(SqliteConnection connection, string connector) =>
        connection
            .Read($"SELECT missing, before FROM drop_held WHERE connector = {connector}")
            .Select(row => ((int, int)?)(row.GetInt32(0), row.GetInt32(1)))
            .FirstOrDefault();

    /// <summary>Given on this host for as many, or at the portal for these very accounts.</summary>
    private static bool HasWord(SqliteConnection connection, string connector, int missing, string mark) =>
        connection.Read($"SELECT 1 FROM drop_held WHERE connector = {connector} AND (allowed >= {missing} OR released = {mark})").Any();

    private static bool LiesBelow(string dn, string scope) =>
        DistinguishedName.TryParse(dn) is { } name && DistinguishedName.TryParse(scope) is { } place && name.IsOrLiesBelow(place);
}
