namespace Portal.Policy;

/// <summary>
/// The password in force, as its owner typed it; only the directory knows whether it is. Cannot print, compare, serialise or be logged, as a
/// <see cref="NewPassword"/>.
/// </summary>
public sealed class CurrentPassword
{
    private readonly string text;

    private CurrentPassword(string text) => this.text = text;

    /// <summary>Null for what surely is none: empty, longer than any password may be, or with half a character in it. Nothing else is judged.</summary>
    public static CurrentPassword? TryCreate(string? typed) =>
        typed is { Length: > 0 and <= NewPassword.MaxLength } && NewPassword.IsWellFormed(typed) ? new(typed) : null;

    public string Reveal() => text;

    public override string ToString() => "(password)";
}
