using System.Security.Cryptography;
using System.Text.Json;
using Portal.Relay.Envelopes;

namespace PortalApp.Agents;

internal static class AgentKeyReader
{
    public static string UseOf(AgentKeyUse use) => use == AgentKeyUse.Encryption ? "enc" : "sig";

    /// <summary>A stored key was checked when it came in.</summary>
    public static ECParameters Read(AgentKey key)
    {
        using var document = JsonDocument.Parse(key.Jwk);
        return EnvelopeKeys.TryReadPublicJwk(document.RootElement, UseOf(key.Use))
            ?? throw new InvalidOperationException($"The stored key {key.Kid} cannot be read.");
    }
}
