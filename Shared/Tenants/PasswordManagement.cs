namespace Portal.Tenants;

/// <summary>Where the passwords of a domain's users live.</summary>
public enum PasswordManagement
{
    /// <summary>In the portal alone.</summary>
    CloudOnly,

    /// <summary>On premises, with a hash in the cloud that is set together with it (M3).</summary>
    PasswordHashSync,

    /// <summary>On premises alone (M2).</summary>
    Federated,
}
