using Portal.Tenants;

namespace PortalApp.Gates;

internal static partial class Log
{
    [LoggerMessage(
        34201,
        LogLevel.Warning,
        "A phone number of one of tenant {Tenant}'s people is not texted or called: it is {Why}. PortalApp tenant set --phone-countries names the countries."
    )]
    public static partial void NumberNotServed(this ILogger logger, TenantId tenant, string why);
}
