namespace Agent.DirectorySync;

/// <summary>An account as the last import saw it: an object of the forest's connector space.</summary>
/// <param name="Mobile">As the directory has it.</param>
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
    int? AccountControl
)
{
    private const int AccountDisabled = 0x2;

    /// <summary>Trusts between domains, workstations and controllers.</summary>
    private const int AnyTrust = 0x800 | 0x1000 | 0x2000;

    public bool IsEnabled => (AccountControl & AccountDisabled) == 0;

    public bool IsTrust => (AccountControl & AnyTrust) is not (null or 0);

    /// <summary>Lower case with hyphens.</summary>
    public string SourceAnchor => ObjectGuid.ToString("D");
}
