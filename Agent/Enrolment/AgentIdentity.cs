using System.Security.Cryptography;
using Portal.Relay.Envelopes;
using Portal.Tenants;

namespace Agent.Enrolment;

/// <summary>Who this agent is, since its enrolment: its keys and what the portal gave it. Cannot print a secret.</summary>
/// <param name="audience">The portal's configured origin: the <c>aud</c> of every call.</param>
internal sealed class AgentIdentity(
    string agentId,
    TenantId tenant,
    string audience,
    ECDsa signingKey,
    ECDiffieHellman encryptionKey,
    string relaySecret
) : IDisposable
{
    public string AgentId => agentId;

    public TenantId Tenant => tenant;

    public string Audience => audience;

    public ECDsa SigningKey => signingKey;

    /// <summary>RFC 7638 thumbprint.</summary>
    public string SigningKid { get; } = EnvelopeKeys.Thumbprint(signingKey.ExportParameters(includePrivateParameters: false));

    public ECDiffieHellman EncryptionKey => encryptionKey;

    public string RelaySecret => relaySecret;

    public override string ToString() => $"agent {agentId} of tenant {tenant}";

    public void Dispose()
    {
        signingKey.Dispose();
        encryptionKey.Dispose();
    }
}
