using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;

namespace PortalApp.Desk;

/// <summary>Which role a page of the desk asks for, at the least; the names of authorization policies.</summary>
internal static class DeskAccess
{
    public const string ReportsReader = "desk.reports-reader";
    public const string Helpdesk = "desk.helpdesk";
    public const string Administrator = "desk.administrator";

    public static AuthorizationBuilder AddDesk(this AuthorizationBuilder authorization) =>
        authorization
            .AddPolicy(ReportsReader, policy => policy.AtLeast(Role.ReportsReader))
            .AddPolicy(Helpdesk, policy => policy.AtLeast(Role.Helpdesk))
            .AddPolicy(Administrator, policy => policy.AtLeast(Role.Administrator));

    /// <summary>Whom a page of the desk is for, at the least; null for a page that is not of the desk.</summary>
    public static Role? LeastOf(Type page) =>
        page.GetCustomAttribute<AuthorizeAttribute>()?.Policy switch
        {
            ReportsReader => Role.ReportsReader,
            Helpdesk => Role.Helpdesk,
            Administrator => Role.Administrator,
            _ => null,
        };

    private static void AtLeast(this AuthorizationPolicyBuilder policy, Role role) =>
        policy
            .AddAuthenticationSchemes(SessionAuthentication.SchemeName)
            .RequireRole(Enum.GetValues<Role>().Where(r => r >= role).Select(r => r.ToString()));
}
