using PortalApp.Audit;

namespace PortalApp.Operator;

/// <summary>Who runs the command, for the audit: the account on the portal's host, and who stood behind sudo.</summary>
internal static class HostOperator
{
    public static Actor Actor => Actor.Operator(Name);

    public static string Name =>
        Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } behind
            ? $"{Environment.UserName} (sudo by {behind}) on the portal's host"
            : $"{Environment.UserName} on the portal's host";
}
