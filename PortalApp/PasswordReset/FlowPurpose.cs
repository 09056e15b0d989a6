namespace PortalApp.PasswordReset;

/// <summary>What a flow is for. Stored by number: never renumber.</summary>
internal enum FlowPurpose
{
    Reset = 1,
    Unlock = 2,
}
