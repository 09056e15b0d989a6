using System.Net;

namespace PortalApp.Throttle;

/// <summary>The network that a caller is counted by: /24 of IPv4, /64 of IPv6 (H13), such as <c>203.0.113.0/24</c>.</summary>
internal readonly record struct NetworkPrefix(string Value)
{
    private const int V4Bytes = 3;
    private const int V6Bytes = 8;

    /// <summary>Of a customer's line and of a site, as providers give them out (RFC 6177).</summary>
    private static readonly int[] V6BytesAround = [7, 6];

    /// <summary>What callers without an address share (a local socket, a test).</summary>
    public static readonly NetworkPrefix None = new("none");

    /// <summary>The /56 and the /48 that an IPv6 network lies in; none of IPv4.</summary>
    public IEnumerable<NetworkPrefix> Around =>
        Value.EndsWith("/64", StringComparison.Ordinal) && IPAddress.Parse(Value[..^3]).GetAddressBytes() is var bytes
            ? V6BytesAround.Select(kept => Of(bytes, kept))
            : [];

    /// <summary>An IPv4 address written as IPv6 counts as IPv4.</summary>
    public static NetworkPrefix Of(IPAddress? address)
    {
        if (address is null)
        {
            return None;
        }

        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        return Of(bytes, bytes.Length == 4 ? V4Bytes : V6Bytes);
    }

    public override string ToString() => Value;

    private static NetworkPrefix Of(byte[] address, int kept)
    {
        byte[] bytes = [.. address[..kept], .. new byte[address.Length - kept]];
        return new($"{new IPAddress(bytes)}/{kept * 8}");
    }
}
