using Microsoft.Extensions.Logging;

namespace Agent.DirectorySync;

internal static partial class Log
{
    [LoggerMessage(
        41101,
        LogLevel.Information,
        "Sync completed: {Accounts} accounts, {Joined} joined, {Disabled} disabled, {Unusable} unusable phone numbers or addresses, {Gone} gone from scope; {Confirmed} confirmed by the portal, {Refused} refused."
    )]
    public static partial void Completed(
        this ILogger logger,
        int accounts,
        int joined,
        int disabled,
        int unusable,
        int gone,
        int confirmed,
        int refused
    );

    [LoggerMessage(41102, LogLevel.Warning, "Sync stopped, nothing was changed: {Why}.")]
    public static partial void NotImported(this ILogger logger, string why);

    [LoggerMessage(41103, LogLevel.Warning, "Sync stopped: the portal was not reached; the export goes on where it was.")]
    public static partial void NotExported(this ILogger logger);

    [LoggerMessage(41104, LogLevel.Warning, "The portal refused object {SourceAnchor}: {Why}")]
    public static partial void ObjectRefused(this ILogger logger, string sourceAnchor, string why);

    [LoggerMessage(
        41106,
        LogLevel.Warning,
        "Nothing flows from {Attributes} of {Account}: a phone number must certainly read as one, with its country code, and mail as an e-mail address."
    )]
    public static partial void ContactUnusable(this ILogger logger, string attributes, string account);

    [LoggerMessage(41107, LogLevel.Warning, "Nobody was let go: {Why}.")]
    public static partial void NobodyLetGo(this ILogger logger, string why);

    [LoggerMessage(41108, LogLevel.Warning, "Of the groups: {What}.")]
    public static partial void OfGroups(this ILogger logger, string what);

    [LoggerMessage(41109, LogLevel.Warning, "The portal did not take group {Name}: {Why}")]
    public static partial void GroupRefused(this ILogger logger, string name, string why);

    [LoggerMessage(41110, LogLevel.Warning, "The portal could not be told how the synchronisation stands.")]
    public static partial void NotTold(this ILogger logger, Exception exception);

    [LoggerMessage(41105, LogLevel.Error, "The sync run broke; it will be tried again.")]
    public static partial void RunBroke(this ILogger logger, Exception exception);
}
