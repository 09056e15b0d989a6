using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using PortalApp.Data;

namespace PortalApp.Secrets;

/// <summary>Where the master key lies: 32 bytes, for its owner's eyes alone, in a folder for its owner alone.</summary>
internal static class MasterKeyFile
{
    public const int KeySize = 32;

    public static byte[] Read(string file)
    {
        if (OwnersFile.Complaint(file) is { } open)
        {
            throw new StartupException($"Portal:MasterKeyFile: {open}");
        }

        var key = File.ReadAllBytes(file);
        return key.Length == KeySize
            ? key
            : throw new StartupException($"Portal:MasterKeyFile: {file} holds {key.Length} bytes; a master key has {KeySize}.");
    }

    /// <summary>Makes the file in one step, so that nobody reads half a key; of two that make it at once, the first wins.</summary>
    public static void Create(string file)
    {
        var unfinished = $"{file}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        var key = RandomNumberGenerator.GetBytes(KeySize);
        OwnersFile.MakeFolder(Path.GetDirectoryName(file)!);
        using (var stream = OwnersFile.Open(unfinished, FileMode.CreateNew))
        {
            stream.Write(key);
            stream.Flush(flushToDisk: true);
        }

        CryptographicOperations.ZeroMemory(key);
        GiveName(unfinished, file);
    }

    /// <summary>
    /// Whoever comes second leaves what stands. By a link, which is one step: the platform's own move looks whether there is a file first, and
    /// renames over one that came between.
    /// </summary>
    private static void GiveName(string unfinished, string file)
    {
        if (!OperatingSystem.IsWindows() && Link(Encoding.UTF8.GetBytes(unfinished + '\0'), Encoding.UTF8.GetBytes(file + '\0')) == 0)
        {
            File.Delete(unfinished);
            return;
        }

        try
        {
            File.Move(unfinished, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(unfinished);
        }
    }

    [DllImport("libc", EntryPoint = "link")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(byte[] file, byte[] name);
}
