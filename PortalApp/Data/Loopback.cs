using System.Net;

namespace PortalApp.Data;

/// <summary>Whether a host of a configured address is this machine alone.</summary>
internal static class Loopback
{
    public static bool Is(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
