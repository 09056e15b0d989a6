using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PortalApp.Data;

namespace PortalApp.Secrets;

/// <param name="KeyNumber">Of the master key that wrapped it; kept beside it.</param>
internal readonly record struct WrappedValue(byte[] Bytes, int KeyNumber);

/// <summary>
/// The one key that wraps all others (AES-256-GCM, the purpose as additional data). It lies in an owner-only file outside the database, or
/// where systemd hands credentials over. Another key can take its place: its file lies beside the first, and is used from the moment it is there,
/// while this one still opens what it wrapped.
/// </summary>
internal sealed class MasterKey : IDisposable
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly ConcurrentDictionary<int, Lazy<Cipher>> ciphers = [];
    private readonly string? file;
    private volatile int newest = MasterKeyFile.FirstNumber;

    /// <summary>One that lies in no file.</summary>
    public MasterKey(byte[] key) => ciphers[newest] = new(new Cipher(key));

    private MasterKey(string file) => this.file = file;

    /// <param name="mayCreate">Asked where there is no file. False where a database is there already: a new key could open nothing of it.</param>
    public static MasterKey OpenOrCreate(string file, Func<bool>? mayCreate = null)
    {
        if (MasterKeyFile.NumbersAt(file).Count == 0)
        {
            if (mayCreate?.Invoke() is false)
            {
                throw new StartupException(
                    $"Portal:MasterKeyFile: there is no {file}, and the database needs the key it was made with; bring it back from its backup."
                );
            }

            MasterKeyFile.Create(file);
        }

        var key = new MasterKey(file) { newest = MasterKeyFile.NumbersAt(file).Max() };
        _ = key.Find(key.newest);
        return key;
    }

    /// <summary>Of the key that wraps now. One that another process brought is found by looking for its file, each time.</summary>
    public int Number
    {
        get
        {
            while (file is not null && File.Exists(MasterKeyFile.PathOf(file, newest + 1)))
            {
                newest++;
            }

            return newest;
        }
    }

    /// <summary>Those whose files are there, ascending.</summary>
    public IReadOnlyList<int> Numbers => file is null ? [newest] : MasterKeyFile.NumbersAt(file);

    public WrappedValue Wrap(string purpose, ReadOnlySpan<byte> plain)
    {
        var number = Number;
        var wrapped = new byte[NonceSize + plain.Length + TagSize];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceSize));
        Find(number)!.Encrypt(purpose, plain, wrapped);
        return new(wrapped, number);
    }

    /// <param name="keyNumber">Of the key that wrapped it.</param>
    /// <exception cref="CryptographicException">Wrapped by another key (the message says which number is missing), for another purpose, or changed.</exception>
    public byte[] Unwrap(string purpose, int keyNumber, ReadOnlySpan<byte> wrapped)
    {
        if (Find(keyNumber) is not { } cipher)
        {
            throw new CryptographicException(
                $"Master key {keyNumber} is needed, and there is {string.Join(", ", Numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)))} alone."
            );
        }

        return wrapped.Length < NonceSize + TagSize
            ? throw new CryptographicException("The wrapped value is too short.")
            : cipher.Decrypt(purpose, wrapped);
    }

    public bool Has(int keyNumber) => Find(keyNumber) is not null;

    /// <summary>The next key, which every process that uses the same files takes from now on.</summary>
    /// <exception cref="StartupException">The files are systemd's, and not to be changed here.</exception>
    public int AddNext()
    {
        var next = Number + 1;
        MasterKeyFile.Create(MasterKeyFile.PathOf(file!, next));
        return Number;
    }

    /// <summary>The time at which the key that wraps now was made.</summary>
    public DateTimeOffset MadeAt => File.GetLastWriteTimeUtc(MasterKeyFile.PathOf(file!, Number));

    /// <summary>Deletes the files of all keys but the newest; whoever holds them open still opens what they wrapped.</summary>
    public void DeleteOld()
    {
        foreach (var old in Numbers.Where(number => number < newest))
        {
            File.Delete(MasterKeyFile.PathOf(file!, old));
        }
    }

    public void Dispose()
    {
        foreach (var cipher in ciphers.Values)
        {
            cipher.Value.Dispose();
        }
    }

    private Cipher? Find(int number) =>
        ciphers.TryGetValue(number, out var held) ? held.Value
        : file is not null && File.Exists(MasterKeyFile.PathOf(file, number))
            ? ciphers.GetOrAdd(number, _ => new(() => new Cipher(MasterKeyFile.Read(MasterKeyFile.PathOf(file, number))))).Value
        : null;

    private sealed class Cipher : IDisposable
    {
        private readonly AesGcm cipher;
        private readonly Lock gate = new();

        public Cipher(byte[] key)
        {
            cipher = new AesGcm(key, TagSize);
            CryptographicOperations.ZeroMemory(key);
        }

        /// <param name="wrapped">Holds the nonce already.</param>
        public void Encrypt(string purpose, ReadOnlySpan<byte> plain, Span<byte> wrapped)
        {
            lock (gate)
            {
                cipher.Encrypt(
                    wrapped[..NonceSize],
                    plain,
                    wrapped[NonceSize..^TagSize],
                    wrapped[^TagSize..],
                    Encoding.UTF8.GetBytes(purpose)
                );
            }
        }

        public byte[] Decrypt(string purpose, ReadOnlySpan<byte> wrapped)
        {
            var plain = new byte[wrapped.Length - NonceSize - TagSize];
            lock (gate)
            {
                cipher.Decrypt(
                    wrapped[..NonceSize],
                    wrapped[NonceSize..^TagSize],
                    wrapped[^TagSize..],
                    plain,
                    Encoding.UTF8.GetBytes(purpose)
                );
            }

            return plain;
        }

        public void Dispose() => cipher.Dispose();
    }
}
