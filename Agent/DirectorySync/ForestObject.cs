using Portal.DirectorySync;

namespace Agent.DirectorySync;

/// <summary>An account as the last import saw it: an object of the forest's connector space.</summary>
/// <param name="Mobile">As the directory has it.</param>
/// <param name="PasswordLastSet">As the directory keeps it; 0 where another one has to be chosen, null where it could not be read.</param>
/// <param name="AccountExpires">As the directory keeps it.</param>
/// <param name="AccountControl"><c>userAccountControl</c> (MS-ADTS §2.2.16); null where it could not be read.</param>
internal sealed record ForestObject(
    string Connector,
    Guid ObjectGuid,
    string DistinguishedName,
    string? UserPrincipalName,
    string? DisplayName,
    string? Mobile,
    string? TelephoneNumber,
    string? Mail,
    int? AccountControl,
    long? PasswordLastSet = null,
    long? AccountExpires = null
)
{
    private const int AccountDisabled = 0x2;
    private const int SmartCardRequired = 0x40000;

    /// <summary>Trusts between domains, workstations and controllers.</summary>
    private const int AnyTrust = 0x800 | 0x1000 | 0x2000;

    public bool IsEnabled => (AccountControl & AccountDisabled) == 0;

    public bool IsTrust => (AccountControl & AnyTrust) is not (null or 0);

    /// <summary>Null where it could not be read.</summary>
    public AccountCredential? Credential =>
        PasswordLastSet is { } set && AccountControl is { } control
            ? new(
                TimeOf(set),
                TimeOf(AccountExpires ?? 0),
                !IsEnabled ? AccountShut.Disabled
                    : (control & SmartCardRequired) != 0 ? AccountShut.SmartCard
                    : set == 0 ? AccountShut.MustChange
                    : AccountShut.No
            )
            : null;

    private static DateTimeOffset? TimeOf(long fileTime) =>
        fileTime > 0 && fileTime < DateTimeOffset.MaxValue.ToFileTime() ? DateTimeOffset.FromFileTime(fileTime).ToUniversalTime() : null;

    /// <summary>Lower case with hyphens.</summary>
    public string SourceAnchor => ObjectGuid.ToString("D");
}
