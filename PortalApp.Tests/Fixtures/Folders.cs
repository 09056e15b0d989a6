namespace PortalApp.Tests.Fixtures;

internal static class Folders
{
    /// <summary>With what is in it, once nobody adds to it: a database's connection that is just being closed does.</summary>
    public static Task DeleteAsync(string folder) =>
        Eventually.TrueAsync(() => IsDeleted(folder), TimeSpan.FromSeconds(20), $"{folder} to be let go");

    private static bool IsDeleted(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Looked at below.
        }

        return !Directory.Exists(folder);
    }
}
