namespace Agent;

/// <summary>The agent's own file, <c>agent.json</c> in its data folder, read and checked whole. The portal cannot change a word of it.</summary>
internal sealed record AgentOptions
{
    /// <summary>Origin: https, no path, no trailing slash.</summary>
    public string Portal { get; init; } = "";

    /// <summary>PEM file whose certificates are trusted for portal and relay instead of the machine's own; null: the machine's.</summary>
    public string? PortalCa { get; init; }

    /// <summary>
    /// Holds a connection string of the tenant's own Service Bus that may listen and nothing else, where the tenant's relay is one.
    /// </summary>
    public string? ServiceBusFile { get; init; }

    public DirectoryOptions Directory { get; init; } = new();

    /// <summary>Accounts that are never set, beyond the directory's own protected groups (M8).</summary>
    public IReadOnlyList<string> Protected { get; init; } = [];

    public LimitOptions Limits { get; init; } = new();

    public SyncOptions Sync { get; init; } = new();
}

internal sealed record DirectoryOptions
{
    /// <summary>The forest's name in the connector space; with the objectGUID it is a user's identity at the portal.</summary>
    public string Connector { get; init; } = "";

    /// <summary>Domain controllers, tried in this order; names or addresses that their certificates carry.</summary>
    public IReadOnlyList<string> Servers { get; init; } = [];

    /// <summary>LDAPS.</summary>
    public int Port { get; init; } = 636;

    /// <summary>PEM file that the controllers' certificates are checked with.</summary>
    public string Ca { get; init; } = "";

    public string BaseDn { get; init; } = "";

    /// <summary>Distinguished names at or below <see cref="BaseDn"/>: what is imported, and what may be set.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Distinguished names at or below <see cref="BaseDn"/> of the groups of which the portal is told who is in them.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>User principal name of the delegated account.</summary>
    public string BindName { get; init; } = "";

    /// <summary>Holds that account's password and nothing else; a line end is cut.</summary>
    public string BindPasswordFile { get; init; } = "";
}

/// <summary>Caps that the portal cannot raise.</summary>
internal sealed record LimitOptions
{
    public int SetsPerMinute { get; init; } = 60;

    public int SetsPerAccountPerHour { get; init; } = 10;

    public int WrongPasswordsPerAccountPerHour { get; init; } = 20;
}

internal sealed record SyncOptions
{
    public int IntervalSeconds { get; init; } = 300;

    /// <summary>Country of phone numbers that name none, by ISO 3166-1 (<c>NL</c>); null: such numbers do not flow.</summary>
    public string? PhoneCountry { get; init; }
}
