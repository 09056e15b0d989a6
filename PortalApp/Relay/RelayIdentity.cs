using System.Security.Principal;
using Portal.Tenants;

namespace PortalApp.Relay;

/// <summary>Who entered the relay: an agent, and whose.</summary>
internal sealed record RelayIdentity(string AgentId, TenantId Tenant) : IPrincipal
{
    public IIdentity Identity => new GenericIdentity(AgentId, "PLAIN");

    public bool IsInRole(string role) => false;
}

/// <summary>Looks an agent up by its id and the SHA-256 of its relay secret (M11); null for wrong, unknown and revoked ones alike.</summary>
internal delegate Task<RelayIdentity?> RelayCredentialCheck(string user, byte[] secretHash, CancellationToken ct);
