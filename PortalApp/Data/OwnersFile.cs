namespace PortalApp.Data;

/// <summary>A file that holds a secret: nobody but its owner may read or replace it.</summary>
internal static class OwnersFile
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;
    private const UnixFileMode OthersMayReplace = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>What is wrong with its rights and how to mend it; null where nothing is. What systemd hands over, it guards itself.</summary>
    public static string? Complaint(string file)
    {
        if (OperatingSystem.IsWindows() || SystemdCredentials.Holds(file))
        {
            return null;
        }

        var folder = Path.GetDirectoryName(file)!;
        return (File.GetUnixFileMode(file) & Others) != 0 ? $"{file} is open to others than its owner; run: chmod 600 {file}"
            : (File.GetUnixFileMode(folder) & OthersMayReplace) != 0
                ? $"others than its owner may write in {folder}; run: chmod 700 {folder}"
            : null;
    }
}
