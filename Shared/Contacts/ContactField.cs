namespace Portal.Contacts;

/// <summary>The contact fields of a user, by the names of M24–M26. Stored by number: never renumber.</summary>
public enum ContactField
{
    /// <summary>Office phone.</summary>
    PhoneNumber = 0,
    MobilePhone = 1,

    /// <summary>Set by registration alone.</summary>
    AuthenticationPhone = 2,

    /// <summary>Ordered; position 0 wins.</summary>
    AlternateEmailAddresses = 3,

    /// <summary>Set by registration alone.</summary>
    AuthenticationEmail = 4,

    /// <summary>The directory's <c>mail</c>: for notices alone, never for codes.</summary>
    DirectoryMail = 5,
}

/// <summary>Who set a contact value. Stored by number: never renumber.</summary>
public enum ContactSource
{
    Sync = 0,
    Administrator = 1,
    Api = 2,
    Registration = 3,
}
