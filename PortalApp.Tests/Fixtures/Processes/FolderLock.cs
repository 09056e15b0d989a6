namespace PortalApp.Tests.Fixtures.Processes;

/// <summary>One process at a time in a folder that a demo, a test run and a bench share; freed by the kernel when its holder dies.</summary>
internal static class FolderLock
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    /// <summary>Null when another holds it.</summary>
    public static FileStream? TryTake(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        try
        {
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(file))
        {
            return null;
        }
    }

    public static async Task<FileStream> TakeAsync(string file, CancellationToken cancellation)
    {
        FileStream? taken = null;
        await Eventually.TrueAsync(() => (taken = TryTake(file)) is not null, Deadline, $"the holder of {file}", cancellation);
        return taken!;
    }
}
