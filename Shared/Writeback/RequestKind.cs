namespace Portal.Writeback;

/// <summary>What the portal may ask of an agent; a <see cref="WritebackRequest"/> has a case for each. <see cref="Health"/>, <see cref="Check"/> and <see cref="Explain"/> change nothing and need no claim; <see cref="Verify"/> sets nothing, and is claimed so that one password is tried once. Stored by number: never renumber.</summary>
public enum RequestKind
{
    Health = 0,
    Check = 1,
    Reset = 2,
    Change = 3,
    Unlock = 4,
    AdministratorReset = 5,
    Verify = 6,
    Explain = 7,
}
