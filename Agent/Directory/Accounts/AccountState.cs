namespace Agent.Directory.Accounts;

/// <summary>One account as its controller holds it at this moment; everything that decides whether its password may be set.</summary>
/// <param name="ObjectClasses">Lower case.</param>
/// <param name="Groups">Direct and nested, the primary one too (<c>tokenGroups</c>).</param>
/// <param name="Counter">Of the password; null when it may not be read.</param>
/// <param name="ExpiresAt"><c>accountExpires</c>; null for never.</param>
/// <param name="UnlockRefused">Locked, and the agent's account has no right to write <c>lockoutTime</c>.</param>
/// <param name="LockCounter">Of <c>lockoutTime</c>; null when it may not be read.</param>
/// <param name="PasswordSetAt">Null when never, or "must change at next sign-in".</param>
internal sealed record AccountState(
    Guid ObjectGuid,
    string Dn,
    Sid Sid,
    IReadOnlySet<string> ObjectClasses,
    int UserAccountControl,
    int PrimaryGroupId,
    IReadOnlySet<Sid> Groups,
    bool AdminCount,
    bool Locked,
    WriteCounter? Counter,
    DateTimeOffset? PasswordSetAt,
    string AccountName,
    string? DisplayName,
    DateTimeOffset? ExpiresAt = null,
    bool UnlockRefused = false,
    WriteCounter? LockCounter = null
)
{
    private const int AccountDisable = 0x2;
    private const int SmartCardRequired = 0x40000;
    private const int PasswordNeverExpires = 0x10000;

    public bool IsDisabled => (UserAccountControl & AccountDisable) != 0;

    /// <summary>A set takes the lock away as well.</summary>
    public bool Unlocks => Locked && !UnlockRefused;

    public bool StaysLocked => Locked && UnlockRefused;

    /// <summary>Nobody is made to choose another password, whatever <c>pwdLastSet</c> says.</summary>
    public bool NeverExpires => (UserAccountControl & PasswordNeverExpires) != 0;

    public bool NeedsSmartCard => (UserAccountControl & SmartCardRequired) != 0;
}

internal abstract record AccountReading
{
    private AccountReading() { }

    public sealed record Read(AccountState Account) : AccountReading;

    public sealed record NotFound : AccountReading;

    /// <summary>The account is there, but not all that decides may be read; nothing may be set (H103).</summary>
    public sealed record Unreadable(string What) : AccountReading;

    public sealed record Lost(string Why) : AccountReading;
}
