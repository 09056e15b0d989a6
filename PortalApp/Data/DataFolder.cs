using Portal.Settings;

namespace PortalApp.Data;

/// <summary>The folder of the database, and the database's file, for their owner alone.</summary>
internal static class DataFolder
{
    /// <summary>SQLite gives the file's rights to its write-ahead log, too.</summary>
    public static void MakeFile(string database) => OwnersFile.Open(database, FileMode.OpenOrCreate).Dispose();

    /// <exception cref="StartupException">It cannot be made, or is another account's.</exception>
    public static void Make(string folder)
    {
        if (FolderOwner.Complaint(folder) is { } others)
        {
            throw new StartupException($"Portal:DataDirectory: {others}");
        }

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
