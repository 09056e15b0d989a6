using System.Security.Cryptography;
using System.Text;
using PortalApp.Data;

namespace PortalApp.Secrets;

/// <summary>
/// The one key that wraps all others (AES-256-GCM, the purpose as additional data). It lies in an owner-only file outside the database, or
/// where systemd hands credentials over.
/// </summary>
internal sealed class MasterKey : IDisposable
{
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly AesGcm cipher;
    private readonly Lock gate = new();

    public MasterKey(ReadOnlySpan<byte> key) => cipher = new AesGcm(key, TagSize);

    public static MasterKey OpenOrCreate(string file)
    {
        var key = File.Exists(file) ? Read(file) : Create(file);
        try
        {
            return new MasterKey(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    public byte[] Wrap(string purpose, ReadOnlySpan<byte> plain)
    {
        var wrapped = new byte[NonceSize + plain.Length + TagSize];
        var nonce = wrapped.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        lock (gate)
        {
            cipher.Encrypt(
                nonce,
                plain,
                wrapped.AsSpan(NonceSize, plain.Length),
                wrapped.AsSpan(NonceSize + plain.Length),
                Encoding.UTF8.GetBytes(purpose)
            );
        }

        return wrapped;
    }

    /// <exception cref="CryptographicException">Wrapped by another key, for another purpose, or changed.</exception>
    public byte[] Unwrap(string purpose, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length < NonceSize + TagSize)
        {
            throw new CryptographicException("The wrapped value is too short.");
        }

        var plain = new byte[wrapped.Length - NonceSize - TagSize];
        lock (gate)
        {
            cipher.Decrypt(wrapped[..NonceSize], wrapped[NonceSize..^TagSize], wrapped[^TagSize..], plain, Encoding.UTF8.GetBytes(purpose));
        }

        return plain;
    }

    public void Dispose() => cipher.Dispose();

    private static byte[] Read(string file)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & others) != 0)
        {
            throw new StartupException($"Portal:MasterKeyFile: {file} may be read by others; run chmod 600 on it.");
        }

        var key = File.ReadAllBytes(file);
        return key.Length == KeySize
            ? key
            : throw new StartupException($"Portal:MasterKeyFile: {file} holds {key.Length} bytes; a master key has {KeySize}.");
    }

    private static byte[] Create(string file)
    {
        var key = RandomNumberGenerator.GetBytes(KeySize);
        var folder = Path.GetDirectoryName(file)!;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(file, options);
        stream.Write(key);
        stream.Flush(flushToDisk: true);
        return key;
    }
}
