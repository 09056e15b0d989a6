namespace Agent.Store;

/// <summary>Files and folders for their owner's eyes alone: keys, and people's names.</summary>
internal static class OwnersFile
{
    private const UnixFileMode ReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            System.IO.Directory.CreateDirectory(folder);
            return;
        }

        System.IO.Directory.CreateDirectory(folder, ReadWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(folder, ReadWrite | UnixFileMode.UserExecute);
    }

    /// <summary>An empty one where there is none. SQLite gives a file's rights to its journals, too.</summary>
    public static void Make(string file) => Open(file, FileMode.OpenOrCreate).Dispose();

    /// <summary>Whole or not at all: on the disk before the name is.</summary>
    public static void Write(string file, ReadOnlySpan<byte> content)
    {
        using (var stream = Open(file + ".new", FileMode.Create))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(file + ".new", file, overwrite: true);
    }

    private static FileStream Open(string file, FileMode mode)
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
}
