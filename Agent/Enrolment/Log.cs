using Microsoft.Extensions.Logging;

namespace Agent.Enrolment;

internal static partial class Log
{
    [LoggerMessage(41201, LogLevel.Information, "The tenant's keys are now of generation {Generations}.")]
    public static partial void KeysChanged(this ILogger logger, string generations);

    [LoggerMessage(41202, LogLevel.Error, "The tenant's keys could not be opened with this agent's key; those at hand stay in use.")]
    public static partial void KeysNotOpened(this ILogger logger);

    [LoggerMessage(41203, LogLevel.Error, "The portal answered for tenant {Tenant}, which is not this agent's; ignored.")]
    public static partial void OtherTenant(this ILogger logger, int tenant);
}
