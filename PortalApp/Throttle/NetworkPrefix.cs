using System.Net;

namespace PortalApp.Throttle;

/// <summary>The network that a caller is counted by: /24 of IPv4, /64 of IPv6 (H13), such as <c>203.0.113.0/24</c>.</summary>
internal readonly record struct NetworkPrefix(string Value)
{
    private const int V4Bytes = 3;
    private const int V6Bytes = 8;

    /// <summary>What callers without an address share (a local socket, a test).</summary>
    public static readonly NetworkPrefix None = new("none");

    /// <summary>An IPv4 address written as IPv6 counts as IPv4.</summary>
    public static NetworkPrefix Of(IPAddress? address)
    {
        if (address is null)
        {
            return None;
        }

        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        var kept = bytes.Length == 4 ? V4Bytes : V6Bytes;
        Array.Clear(bytes, kept, bytes.Length - kept);
        return new($"{new IPAddress(bytes)}/{kept * 8}");
    }

    public override string ToString() => Value;
}
