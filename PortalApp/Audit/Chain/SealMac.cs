using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PortalApp.Audit.Chain;

/// <summary>
/// HMAC-SHA256 over the seal before it, the number in the chain, and every column of the entry, each with its length: whoever has the database and
/// not the master key can make none. Not for two threads at a time.
/// </summary>
internal sealed class SealMac(ReadOnlySpan<byte> key) : IDisposable
{
    /// <summary>What the first of a chain is held to.</summary>
    public static readonly byte[] Beginning = new byte[HMACSHA256.HashSizeInBytes];
    private const int Absent = -1;
    private readonly IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
    private readonly ArrayBufferWriter<byte> text = new(1024);

    public byte[] Of(ReadOnlySpan<byte> before, long number, AuditEntry entry)
    {
        text.ResetWrittenCount();
        text.Write(before);
        Write(number);
        Write(entry.Id);
        Write(entry.At.UtcTicks);
        Write(entry.Tenant?.Value ?? Absent);
        Write((int)entry.Event);
        Write(entry.By.ToString());
        Write((int?)entry.SubjectKind ?? Absent);
        Write(entry.Subject);
        Write(entry.Request);
        Write(entry.Trace);
        Write(entry.Outcome);
        Write(entry.Reason);
        Write(entry.Network);
        Write(entry.Detail);
        hash.AppendData(text.WrittenSpan);
        return hash.GetHashAndReset();
    }

    public void Dispose() => hash.Dispose();

    private void Write(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(text.GetSpan(sizeof(long)), value);
        text.Advance(sizeof(long));
    }

    private void Write(string? value)
    {
        if (value is null)
        {
            Write(Absent);
            return;
        }

        Write(Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, text);
    }
}
