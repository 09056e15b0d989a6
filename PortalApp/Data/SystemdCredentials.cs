namespace PortalApp.Data;

/// <summary>
/// Secrets that systemd hands to the service (<c>LoadCredential=</c>, <c>$CREDENTIALS_DIRECTORY</c>). It guards these files itself; where it does
/// so by an access list, their mode shows rights of a group that has none.
/// </summary>
internal static class SystemdCredentials
{
    public const string Variable = "CREDENTIALS_DIRECTORY";

    /// <summary>The file of that credential, or null where the service was not given it.</summary>
    public static string? Find(string name) =>
        Folder is { } folder && Path.Combine(folder, name) is var file && File.Exists(file) ? file : null;

    public static bool Holds(string file) => Folder is { } folder && Path.GetDirectoryName(Path.GetFullPath(file)) == folder;

    private static string? Folder =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))
            : null;
}
