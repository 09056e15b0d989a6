using Portal.Tenants;

namespace PortalApp.SignIn;

internal static partial class Log
{
    [LoggerMessage(4661, LogLevel.Information, "A sign-in to tenant {Tenant} failed: {What} ({More} more since the last such line)")]
    public static partial void SignInFailed(this ILogger logger, TenantId? tenant, string what, int more);
}
