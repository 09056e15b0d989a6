using Portal.Tenants;

namespace PortalApp.SignIn;

internal static partial class Log
{
    [LoggerMessage(4661, LogLevel.Information, "A sign-in to tenant {Tenant} failed: {What} ({More} more since the last such line)")]
    public static partial void SignInFailed(this ILogger logger, TenantId? tenant, string what, int more);

    [LoggerMessage(4662, LogLevel.Warning, "Nobody can sign in at the provider {Issuer}: {Why} ({More} more since the last such line)")]
    public static partial void ProviderDown(this ILogger logger, string issuer, string why, int more);
}
