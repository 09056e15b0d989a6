namespace PortalApp.Users;

/// <summary>What somebody is in their tenant, least first: each sees what those before it see. Stored by number: never renumber.</summary>
internal enum Role
{
    /// <summary>Their own pages.</summary>
    User = 0,

    /// <summary>Overview and reports.</summary>
    ReportsReader = 1,

    /// <summary>Also users and the audit; acts as far as the policy allows, and never on who has a role.</summary>
    Helpdesk = 2,

    /// <summary>All of the tenant.</summary>
    Administrator = 3,
}
