namespace PortalApp.Notifications.Notices;

/// <summary>What a notice tells of. Stored by number and told by name: never renumber or rename.</summary>
internal enum NoticeKind
{
    Reset = 1,
    Change = 2,

    /// <summary>What somebody is verified by was changed.</summary>
    SecurityInfo = 3,

    /// <summary>The helpdesk or an administrator did something for the person.</summary>
    Helpdesk = 4,

    /// <summary>The person ended their account's lock, and the password stayed.</summary>
    Unlock = 5,

    /// <summary>To administrators: somebody said of a notice that it was not them.</summary>
    Disputed = 6,

    /// <summary>Somebody signed in where the person never did.</summary>
    NewPlace = 7,
}
