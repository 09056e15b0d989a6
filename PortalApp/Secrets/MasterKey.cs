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
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly AesGcm cipher;
    private readonly Lock gate = new();

    public MasterKey(ReadOnlySpan<byte> key) => cipher = new AesGcm(key, TagSize);

    /// <param name="mayCreate">Asked where there is no file. False where a database is there already: a new key could open nothing of it.</param>
    public static MasterKey OpenOrCreate(string file, Func<bool>? mayCreate = null)
    {
        if (!File.Exists(file))
        {
            if (mayCreate?.Invoke() is false)
            {
                throw new StartupException(
                    $"Portal:MasterKeyFile: there is no {file}, and the database needs the key it was made with; bring it back from its backup."
                );
            }

            MasterKeyFile.Create(file);
        }

        var key = MasterKeyFile.Read(file);
        try
        {
            return new MasterKey(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Kept beside all that it wraps, so that another key can take its place while this one still opens the old.</summary>
    public int Number { get; } = 1;

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

    /// <param name="keyNumber">Of the key that wrapped it.</param>
    /// <exception cref="CryptographicException">Wrapped by another key (the message says which number is missing), for another purpose, or changed.</exception>
    public byte[] Unwrap(string purpose, int keyNumber, ReadOnlySpan<byte> wrapped)
    {
        if (keyNumber != Number)
        {
            throw new CryptographicException($"Master key {keyNumber} is needed, and the file holds number {Number} alone.");
        }

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
}
