namespace PortalApp.Data;

/// <summary>Files and folders for their owner's eyes alone: secrets, and people's names and addresses.</summary>
internal static class OwnersFile
{
    private const UnixFileMode ReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;
    private const UnixFileMode OthersMayReplace = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, ReadWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>For writing.</summary>
    public static FileStream Open(string file, FileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = ReadWrite;
        }

        return new FileStream(file, options);
    }

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
