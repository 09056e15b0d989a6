namespace PortalApp.PasswordReset;

/// <summary>What the flow's newest writing request asks for; before the first, a reset. Stored by number: never renumber.</summary>
internal enum FlowPurpose
{
    Reset = 1,

    /// <summary>The end of the account's lock; the password stays.</summary>
    Unlock = 2,
}
