using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using PortalApp.Data;

namespace PortalApp.Secrets;

/// <summary>Where the master key lies: 32 bytes, for its owner's eyes alone, in a folder for its owner alone.</summary>
internal static class MasterKeyFile
{
    public const int KeySize = 32;
    public const int FirstNumber = 1;

    /// <summary>The first key's file has the configured name; each later one's ends in its number.</summary>
    public static string PathOf(string file, int number) => number == FirstNumber ? file : $"{file}.{number}";

    /// <summary>Of the keys whose files are there, ascending.</summary>
    public static IReadOnlyList<int> NumbersAt(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        var (name, files) = (Path.GetFileName(file), Directory.Exists(folder) ? Directory.GetFiles(folder) : []);
        var later = files
            .Select(path => Path.GetFileName(path))
            .Where(path => path.StartsWith($"{name}.", StringComparison.Ordinal))
            .Select(path => int.TryParse(path[(name.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0)
            .Where(n => n > FirstNumber && File.Exists(PathOf(file, n)));
        return [.. (File.Exists(file) ? new[] { FirstNumber } : []).Concat(later.Order())];
    }

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
        if (SystemdCredentials.Holds(file))
        {
            throw new StartupException(
                $"Portal:MasterKeyFile: {Path.GetDirectoryName(file)} is systemd's; put the key there by its credential."
            );
        }

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
