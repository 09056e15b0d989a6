using System.Security.Cryptography;
using Portal.Tenants;

namespace Portal.Relay.Envelopes;

/// <summary>For whom a request is sealed: an active agent's public key.</summary>
public sealed record EnvelopeRecipient(string Kid, ECParameters Key);

/// <summary>What an agent opens with: its private key, its tenant, and the tenant's keys by generation.</summary>
public sealed class EnvelopeRing(TenantId tenant, ECDiffieHellman key, IReadOnlyList<TenantKey> tenantKeys)
{
    public TenantId Tenant => tenant;

    public string Kid { get; } = EnvelopeKeys.Thumbprint(key.ExportParameters(includePrivateParameters: false));

    internal ECDiffieHellman Key => key;

    internal TenantKey? Find(string? generation) =>
        tenantKeys.FirstOrDefault(k => k.Generation.ToString(System.Globalization.CultureInfo.InvariantCulture) == generation);
}
