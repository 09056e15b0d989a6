using Agent.Directory;
using Microsoft.Data.Sqlite;

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
            .Read($"SELECT dn FROM forest_object WHERE connector = {connector} AND source_anchor NOT IN (SELECT source_anchor FROM seen)")
            .Select(row => row.GetString(0))
            .ToList();
        if (missing.Count == 0)
        {
            connection.Run($"DELETE FROM drop_held WHERE connector = {connector}");
            return null;
        }

        if (doubts.Count > 0)
        {
            return $"{missing.Count} are not found and stay, as not every scope could be read: {string.Join("; ", doubts)}";
        }

        var lost = empty.Where(scope => missing.Exists(dn => LiesBelow(dn, scope))).ToList();
        var isLarge = missing.Count > MostAtOnce || (missing.Count > 1 && missing.Count * 100 > before * MostPercent);
        if ((lost.Count == 0 && !isLarge) || HasWord(connection, connector, missing.Count))
        {
            connection.Run($"DELETE FROM drop_held WHERE connector = {connector}");
            return null;
        }

        connection.Run($"INSERT OR REPLACE INTO drop_held VALUES ({connector}, {missing.Count}, {before}, 0)");
        var where = lost.Count == 0 ? "" : $", nobody at all in {string.Join("; ", lost)}";
        return $"{missing.Count} of {before} are not found{where}, and stay; look at the agent's rights and scopes, and if they are gone indeed: {Command}";
    }

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

    private static bool HasWord(SqliteConnection connection, string connector, int missing) =>
        connection.Read($"SELECT 1 FROM drop_held WHERE connector = {connector} AND allowed >= {missing}").Any();

    private static bool LiesBelow(string dn, string scope) =>
        DistinguishedName.TryParse(dn) is { } name && DistinguishedName.TryParse(scope) is { } place && name.IsOrLiesBelow(place);
}
