using System.Security.Cryptography;
using System.Text;
using Portal.Tenants;

namespace Portal.Relay;

/// <summary>A tenant's own address at its relay, one for each of its connectors; case matters.</summary>
public readonly record struct RelayAddress(string Value)
{
    private const int HashBytes = 16;

    /// <summary>
    /// A connector's name comes from an agent. Its hash stands for it, so that no name leads to another address (H72), and none is too long or
    /// has a letter that a broker does not take.
    /// </summary>
    public static RelayAddress Of(TenantId tenant, string connector) =>
        new($"tenant-{tenant}/connector-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(connector))[..HashBytes])}");

    public override string ToString() => Value;
}
