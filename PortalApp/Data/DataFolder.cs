namespace PortalApp.Data;

/// <summary>The folder of the database, and the database's file, for their owner alone.</summary>
internal static class DataFolder
{
    /// <summary>SQLite gives the file's rights to its write-ahead log, too.</summary>
    public static void MakeFile(string database) => OwnersFile.Open(database, FileMode.OpenOrCreate).Dispose();

    public static void Make(string folder)
    {
        try
        {
            OwnersFile.MakeFolder(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Portal:DataDirectory: {folder} cannot be made: {e.Message}");
        }
    }
}
