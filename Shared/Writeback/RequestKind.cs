namespace Portal.Writeback;

/// <summary>What the portal may ask of an agent. <see cref="Health"/> and <see cref="Check"/> change nothing and need no claim.</summary>
public enum RequestKind
{
    Health,
    Check,
    Reset,
    Change,
    Unlock,
    AdministratorReset,
}
