using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Users;

namespace PortalApp.Authenticators;

internal static class AuthenticatorAudit
{
    /// <param name="what">What was done, such as "set up an authenticator app".</param>
    public static void Record(this AuditLog audit, PortalDb db, User user, Actor by, AuthenticatorUse use, string what) =>
        audit.Add(
            db,
            new(AuditEventId.UserChanged, user.Tenant, by)
            {
                Subject = AuditSubject.User(user.Id),
                Detail = $"{user.UserPrincipalName}: {what} for {(use == AuthenticatorUse.SignIn ? "signing in" : "resets")}, by {by}",
            }
        );
}
