using System.Security.Cryptography;
using PortalApp.Data;

namespace PortalApp.Secrets;

/// <summary>Where the master key lies: 32 bytes, for its owner's eyes alone, in a folder for its owner alone.</summary>
internal static class MasterKeyFile
{
    public const int KeySize = 32;

    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;
    private const UnixFileMode OthersMayReplace = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public static byte[] Read(string file)
    {
        if (!OperatingSystem.IsWindows() && !SystemdCredentials.Holds(file))
        {
            if ((File.GetUnixFileMode(file) & Others) != 0)
            {
                throw new StartupException($"Portal:MasterKeyFile: {file} is open to others than its owner; run: chmod 600 {file}");
            }

            var folder = Path.GetDirectoryName(file)!;
            if ((File.GetUnixFileMode(folder) & OthersMayReplace) != 0)
            {
                throw new StartupException($"Portal:MasterKeyFile: others than its owner may write in {folder}; run: chmod 700 {folder}");
            }
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
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!, OwnersAlone | UnixFileMode.UserExecute);
            options.UnixCreateMode = OwnersAlone;
        }

        using (var stream = new FileStream(unfinished, options))
        {
            stream.Write(key);
            stream.Flush(flushToDisk: true);
        }

        CryptographicOperations.ZeroMemory(key);
        try
        {
            File.Move(unfinished, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(unfinished);
        }
    }
}
