using System.Security.Cryptography;
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
