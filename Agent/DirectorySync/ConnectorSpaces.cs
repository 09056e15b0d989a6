namespace Agent.DirectorySync;

/// <summary>Whether a connector space is filled, so that "not found" is a word about the directory and not about an agent that has not looked.</summary>
internal delegate bool IsFilled(string connector);

/// <summary>The connector spaces that this agent has filled; on disk, so that a restarted agent is ready at once.</summary>
internal sealed class ConnectorSpaces(SyncDatabase database)
{
    /// <summary>
    /// A full import and the export of all that it found are done, some time. A space without one account is not filled: a lost right looks the
    /// same, and nobody could be found in it.
    /// </summary>
    public bool IsFilled(string connector)
    {
        using var connection = database.Open();
        return connection
            .Read(
                $"""
                SELECT 1 FROM filled f WHERE f.connector = {connector}
                    AND EXISTS (SELECT 1 FROM forest_object o WHERE o.connector = f.connector)
                """
            )
            .Any();
    }
}
