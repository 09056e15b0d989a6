using PortalApp.Audit;

namespace PortalApp.Operator;

/// <summary>Who runs the command, for the audit: the account on the portal's host, and who stood behind sudo.</summary>
internal static class HostOperator
{
    /// <param name="configuration">Holds the environment.</param>
    public static Actor Of(IConfiguration configuration) =>
        Actor.Operator(
            configuration["SUDO_USER"] is { Length: > 0 } behind
                ? $"{Environment.UserName} (sudo by {behind}) on the portal's host"
                : $"{Environment.UserName} on the portal's host"
        );
}
