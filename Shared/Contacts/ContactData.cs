namespace Portal.Contacts;

/// <summary>A user's contact values, and which of them wins (M24–M26).</summary>
/// <param name="AlternateEmailAddresses">In the administrator's order.</param>
/// <param name="DirectoryMail">For notices alone: no code goes there.</param>
public sealed record ContactData(
    PhoneNumber? PhoneNumber,
    PhoneNumber? MobilePhone,
    PhoneNumber? AuthenticationPhone,
    IReadOnlyList<EmailAddress> AlternateEmailAddresses,
    EmailAddress? AuthenticationEmail,
    EmailAddress? DirectoryMail = null
)
{
    public static ContactData Empty { get; } = new(null, null, null, [], null);

    /// <summary>M26.</summary>
    public EmailAddress? AlternateEmail => AuthenticationEmail ?? (AlternateEmailAddresses.Count > 0 ? AlternateEmailAddresses[0] : null);

    /// <summary>M25.</summary>
    public PhoneNumber? Mobile => AuthenticationPhone ?? MobilePhone;

    /// <summary>M24.</summary>
    public PhoneNumber? Office => PhoneNumber;

    /// <summary>Every address at which the person is told of a reset (H113), without doubles.</summary>
    public IReadOnlyList<EmailAddress> AllEmail =>
        [
            .. new[] { AuthenticationEmail }
                .Concat(AlternateEmailAddresses)
                .Append(DirectoryMail)
                .OfType<EmailAddress>()
                .DistinctBy(e => e.Value, StringComparer.OrdinalIgnoreCase),
        ];
}
