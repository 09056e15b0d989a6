namespace PortalApp.Users;

/// <summary>What an administrator sets of a user; null leaves a value alone, an empty text removes it.</summary>
/// <param name="AlternateEmails">All of them, in their order.</param>
internal sealed record UserChange(
    IReadOnlyList<string>? AlternateEmails,
    string? MobilePhone,
    string? OfficePhone,
    bool? Licensed,
    bool? ResetEnabled
)
{
    /// <summary>What is set, for the audit: without the values of a person's contact data; empty where nothing is.</summary>
    public string Told =>
        string.Join(
            ", ",
            new[]
            {
                AlternateEmails is null ? null : "AlternateEmailAddresses",
                MobilePhone is null ? null : "MobilePhone",
                OfficePhone is null ? null : "PhoneNumber",
                Licensed is null ? null : $"licensed={Licensed}",
                ResetEnabled is null ? null : $"enabled={ResetEnabled}",
            }.OfType<string>()
        );
}
