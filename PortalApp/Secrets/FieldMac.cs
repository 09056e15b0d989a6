using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PortalApp.Secrets;

/// <summary>
/// HMAC-SHA-256 over several texts, each led by its length (four bytes, big-endian, of its UTF-8), so that no two lists of texts are the same
/// bytes. The first text names what is computed.
/// </summary>
internal static class FieldMac
{
    public static byte[] Of(byte[] key, params ReadOnlySpan<string> fields)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var field in fields)
        {
            var bytes = Encoding.UTF8.GetBytes(field);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            mac.AppendData(length);
            mac.AppendData(bytes);
        }

        return mac.GetHashAndReset();
    }
}
