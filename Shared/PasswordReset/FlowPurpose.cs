namespace Portal.PasswordReset;

/// <summary>What a flow is for. Stored by number: never renumber.</summary>
public enum FlowPurpose
{
    Reset = 1,
    Unlock = 2,
}
