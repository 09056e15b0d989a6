namespace Portal.Tenants;

/// <summary>Where the passwords of a domain's users live. Stored by number: never renumber.</summary>
public enum PasswordManagement
{
    /// <summary>In the portal alone.</summary>
    CloudOnly = 0,

    /// <summary>On premises, with a hash in the cloud that is set together with it (M3).</summary>
    PasswordHashSync = 1,

    /// <summary>On premises alone (M2).</summary>
    Federated = 2,
}
