using Microsoft.Extensions.Logging;

namespace Agent.Writeback;

internal static partial class Log
{
    [LoggerMessage(42001, LogLevel.Information, "Request {Id} ({Kind}): {Result}.")]
    public static partial void Ended(this ILogger logger, string id, string kind, string result);

    [LoggerMessage(42003, LogLevel.Warning, "Request {Id} was not granted by the portal and was dropped.")]
    public static partial void NotGranted(this ILogger logger, string id);

    [LoggerMessage(42004, LogLevel.Warning, "Request {Id} was delivered again and was not carried out again.")]
    public static partial void DeliveredAgain(this ILogger logger, string id);

    [LoggerMessage(42005, LogLevel.Error, "The agent's own cap on sets was reached; request {Id} was refused.")]
    public static partial void RateCapped(this ILogger logger, string id);

    [LoggerMessage(42006, LogLevel.Critical, "The journal cannot be written: {Why}")]
    public static partial void JournalFailed(this ILogger logger, string why);

    [LoggerMessage(42007, LogLevel.Warning, "What came of request {Id} is not known; the directory's count is asked.")]
    public static partial void AnswerLost(this ILogger logger, string id);

    [LoggerMessage(42008, LogLevel.Error, "Request {Id} met a fault of the agent.")]
    public static partial void Fault(this ILogger logger, string id, Exception exception);

    [LoggerMessage(42009, LogLevel.Information, "The portal has the outcome of request {Id}.")]
    public static partial void Reported(this ILogger logger, string id);

    [LoggerMessage(
        42011,
        LogLevel.Critical,
        "Request {Id} was granted to this agent's keys, and this agent did not ask for it: is there a copy of it?"
    )]
    public static partial void Foreign(this ILogger logger, string id);

    [LoggerMessage(
        42012,
        LogLevel.Warning,
        "Request {Id} is of a kind ({Kind}) that this agent does not do, and was answered so: the portal is newer. Update the agent."
    )]
    public static partial void NotSupported(this ILogger logger, string id, string kind);

    [LoggerMessage(
        42013,
        LogLevel.Error,
        "protected: \"{Entry}\" {Why}. Nobody is set until it is found, or taken out of {File}: nobody can tell whom it was meant to protect."
    )]
    public static partial void ProtectedNotFound(this ILogger logger, string entry, string why, string file);

    [LoggerMessage(42014, LogLevel.Warning, "protected: \"{Entry}\" {Why}. It goes on protecting who has that number.")]
    public static partial void ProtectedSidNotFound(this ILogger logger, string entry, string why);

    [LoggerMessage(42015, LogLevel.Error, "Looking for the entries of the protected list broke; it goes on.")]
    public static partial void ProtectedLookBroke(this ILogger logger, Exception exception);

    [LoggerMessage(
        42016,
        LogLevel.Warning,
        "{Account} is locked, and the agent's account may not write its lockoutTime: its password can be set, and the lock stays. Grant it: {Remedy}"
    )]
    public static partial void LockStays(this ILogger logger, string account, string remedy);

    [LoggerMessage(
        42017,
        LogLevel.Warning,
        "Request {Id}: the password was not tried, so that nobody is locked out by it: {Account} has {Count} wrong passwords of {Threshold}."
    )]
    public static partial void NearLockOut(this ILogger logger, string id, string account, int count, int threshold);

    [LoggerMessage(
        42018,
        LogLevel.Error,
        "Request {Id}: the password was not tried, since nobody can tell whether it would lock {Account}: {What} cannot be read. Grant it: {Remedy}"
    )]
    public static partial void LockOutUnreadable(this ILogger logger, string id, string account, string what, string remedy);

    [LoggerMessage(
        42019,
        LogLevel.Error,
        "The agent's own cap on wrong passwords was reached; the password of request {Id} was not tried."
    )]
    public static partial void WrongPasswordsCapped(this ILogger logger, string id);

    [LoggerMessage(42010, LogLevel.Warning, "The journal was made anew: what was granted before it stays unknown.")]
    public static partial void JournalLost(this ILogger logger);
}
