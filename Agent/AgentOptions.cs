namespace Agent;

/// <summary>The agent's own file, <c>agent.json</c> in its data folder, as the loader reads and checks it. The portal cannot change a word of it.</summary>
/// <param name="Portal">Origin: https, no path.</param>
/// <param name="PortalCa">PEM file whose certificates are trusted for portal and relay instead of the machine's own; null: the machine's.</param>
/// <param name="Protected">Accounts that are never set, beyond the directory's own protected groups (M8): SID, distinguished name or user principal name.</param>
internal sealed record AgentOptions(
    Uri Portal,
    string? PortalCa,
    DirectoryOptions Directory,
    IReadOnlyList<string> Protected,
    LimitOptions Limits,
    SyncOptions Sync
);

/// <param name="Connector">The forest's name in the connector space; with the objectGUID it is a user's identity at the portal.</param>
/// <param name="Servers">Domain controllers, tried in this order; names or addresses that their certificates carry.</param>
/// <param name="Port">LDAPS.</param>
/// <param name="Ca">PEM file that the controllers' certificates are checked with; null: the machine's roots.</param>
/// <param name="Scopes">Distinguished names at or below <paramref name="BaseDn"/>: what is imported and what may be set.</param>
/// <param name="BindName">User principal name of the delegated account.</param>
/// <param name="BindPasswordFile">Holds its password, nothing else; a line end is cut.</param>
internal sealed record DirectoryOptions(
    string Connector,
    IReadOnlyList<string> Servers,
    int Port,
    string? Ca,
    string BaseDn,
    IReadOnlyList<string> Scopes,
    string BindName,
    string BindPasswordFile
);

internal sealed record LimitOptions(int SetsPerMinute, int SetsPerAccountPerHour);

internal sealed record SyncOptions(int IntervalSeconds);
