namespace PortalApp.Policy;

/// <summary>What a policy says of the help that people get. Stored by number and written by name: never renumber, never rename.</summary>
internal enum HelpRule
{
    /// <summary>Whoever calls is verified before anything is done for them, also what could harm nobody (H107).</summary>
    CallerFirst = 1,

    /// <summary>The helpdesk sets a temporary password where no link reaches the person and an administrator approves.</summary>
    TemporaryPassword = 2,

    /// <summary>An administrator sets one for somebody with a role, where a second administrator approves.</summary>
    OfRoles = 3,
}
