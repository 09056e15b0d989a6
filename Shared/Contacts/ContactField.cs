namespace Portal.Contacts;

/// <summary>The contact fields of a user, by the names of M24–M26.</summary>
public enum ContactField
{
    /// <summary>Office phone.</summary>
    PhoneNumber,
    MobilePhone,

    /// <summary>Set by registration alone.</summary>
    AuthenticationPhone,

    /// <summary>Ordered; position 0 wins.</summary>
    AlternateEmailAddresses,

    /// <summary>Set by registration alone.</summary>
    AuthenticationEmail,
}

/// <summary>Who set a contact value.</summary>
public enum ContactSource
{
    Sync,
    Administrator,
    Api,
    Registration,
}
