namespace PortalApp.Data;

/// <summary>The folder of the database, for its owner alone: it holds people's names and addresses.</summary>
internal static class DataFolder
{
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void Make(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, OwnersAlone);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Portal:DataDirectory: {folder} cannot be made: {e.Message}");
        }
    }
}
