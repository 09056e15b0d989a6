namespace Agent.Directory.Channels;

/// <summary>What one domain controller said of itself when a connection to it was opened.</summary>
/// <param name="InvocationId">Of its database; changes when that is restored. Null when it may not be read.</param>
/// <param name="ClockAhead">Its clock minus ours.</param>
/// <param name="PolicyHints">Object id of the control that makes a reset obey history and minimum age; null where there is none.</param>
/// <param name="ProbesSafely">Known to refuse a malformed password only after the access check.</param>
/// <param name="RefusesNames">A complex password may not hold the account's name or a part of the display name; Samba leaves that rule out.</param>
/// <param name="OwnSids">The agent's own account and its groups.</param>
internal sealed record Controller(
    string Server,
    Guid? InvocationId,
    TimeSpan ClockAhead,
    string? PolicyHints,
    bool ProbesSafely,
    bool RefusesNames,
    IReadOnlySet<Sid> OwnSids
);
