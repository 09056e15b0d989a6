namespace Agent.Directory.Channels;

/// <summary>Every limit on the way to the directory.</summary>
internal static class DirectoryLimits
{
    /// <summary>TCP, TLS, bind and root DSE of one connection, at a controller that is busy with a dozen others.</summary>
    public static readonly TimeSpan Open = TimeSpan.FromSeconds(6);

    /// <summary>Connections being opened to one controller at the same time: so many threads, and no more, hang with one that hangs.</summary>
    public const int Openings = 4;

    /// <summary>Whole seconds, as the library counts.</summary>
    public static readonly TimeSpan Read = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a modify may take before its answer counts as lost, and how long after that a controller may still be at it ("one LDAP time limit").
    /// </summary>
    public static readonly TimeSpan Modify = TimeSpan.FromSeconds(10);

    /// <summary>One page of an import.</summary>
    public static readonly TimeSpan Search = TimeSpan.FromSeconds(60);

    public static readonly TimeSpan Health = TimeSpan.FromSeconds(2);

    /// <summary>What the library's own limit may be late by before the call is given up around it (half a PDU; H64, H84).</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>How long a request waits for a free connection; its deadline may come first.</summary>
    public static readonly TimeSpan Queue = TimeSpan.FromSeconds(30);

    /// <summary>A connection is not used for longer: rights, groups and the protected list are looked up anew with the next one.</summary>
    public static readonly TimeSpan ChannelAge = TimeSpan.FromMinutes(5);

    /// <summary>Below the 900 s after which Active Directory drops an idle connection.</summary>
    public static readonly TimeSpan ChannelIdle = TimeSpan.FromMinutes(2);

    /// <summary>
    /// After a refused bind nothing is tried for so long, unless the password's file has changed: two tries in half an hour do not lock the
    /// agent's own account.
    /// </summary>
    public static readonly TimeSpan AfterRefusedBind = TimeSpan.FromMinutes(15);

    /// <summary>Connections that requests hold at the same time; each is one request's alone while it lasts.</summary>
    public const int Channels = 12;

    public const int PageSize = 500;
}
