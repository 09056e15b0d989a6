using System.Security.Principal;
using Portal.Relay;
using Portal.Tenants;

namespace PortalApp.Relay;

/// <summary>An agent that showed its relay secret.</summary>
/// <param name="Addresses">Its tenant's, of the connectors that it serves by its last hello: it receives there alone. It comes anew when they change.</param>
internal sealed record RelayIdentity(string AgentId, TenantId Tenant, IReadOnlyList<RelayAddress> Addresses);

/// <summary>
/// Says whose secret this is, or null: no such agent, another secret, revoked (M11).
/// </summary>
internal delegate Task<RelayIdentity?> RelayCredentialCheck(string user, byte[] secretSha256, CancellationToken cancellation);

/// <summary>Who is at the other end of one connection. One object a connection, which also counts that connection's links.</summary>
internal sealed class RelayPeer(RelayIdentity agent) : IPrincipal, IIdentity
{
    private int links;

    public RelayIdentity Agent => agent;

    public string Name => agent.AgentId;

    public bool IsAuthenticated => true;

    public string AuthenticationType => "SASL PLAIN";

    public IIdentity Identity => this;

    public bool IsInRole(string role) => false;

    public bool TryAddLink(int most)
    {
        if (Interlocked.Increment(ref links) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref links);
        return false;
    }

    public void RemoveLink() => Interlocked.Decrement(ref links);
}
