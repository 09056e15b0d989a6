using Portal.Tenants;
using PortalApp.Users;

namespace PortalApp.Writeback;

/// <summary>Whose password is tried.</summary>
/// <param name="Connector">Whose agents are asked.</param>
/// <param name="Key">What is counted for the name, whether or not it has an account.</param>
/// <param name="User">Null where the name has no account.</param>
internal sealed record VerifySubject(TenantId Tenant, string Connector, string Key, User? User)
{
    /// <summary>Of somebody who waits before a page; also the request's whole life.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
}
