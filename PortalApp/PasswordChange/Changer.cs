using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Users;

namespace PortalApp.PasswordChange;

/// <summary>Who changes the own password: signed in, or on the way in with one that is due.</summary>
/// <param name="Session">The number of the session; null on the way in.</param>
/// <param name="Page">The path of the form.</param>
internal sealed record Changer(Tenant Tenant, User User, long? Session, Caller Caller, string Page);
