namespace Portal.Contacts;

/// <summary>A user's contact values, and which of them wins (M24–M26).</summary>
/// <param name="AlternateEmailAddresses">In the administrator's order.</param>
public sealed record ContactData(
    PhoneNumber? PhoneNumber,
    PhoneNumber? MobilePhone,
    PhoneNumber? AuthenticationPhone,
    IReadOnlyList<EmailAddress> AlternateEmailAddresses,
    EmailAddress? AuthenticationEmail
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
            .. (AuthenticationEmail is { } own ? [own] : Array.Empty<EmailAddress>())
                .Concat(AlternateEmailAddresses)
                .DistinctBy(e => e.Value, StringComparer.OrdinalIgnoreCase),
        ];
}
