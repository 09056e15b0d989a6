namespace Portal.Policy;

/// <summary>What the account's rules say of a typed password, before the directory is asked.</summary>
public abstract record PolicyVerdict
{
    private PolicyVerdict() { }

    public sealed record Accepted(NewPassword Password) : PolicyVerdict;

    public sealed record Rejected(IReadOnlyList<RuleBroken> Reasons) : PolicyVerdict;
}

public enum RuleBroken
{
    Empty,
    TooLong,
    TooShort,
    NotComplex,

    /// <summary>Holds a NUL or half a character, which no directory can keep.</summary>
    Unusable,

    /// <summary>Among the first that anybody would guess.</summary>
    Common,

    /// <summary>Holds the person's own name.</summary>
    HasName,

    /// <summary>Became known somewhere else.</summary>
    Breached,

    /// <summary>The one in force, or one of the last.</summary>
    InHistory,
}
